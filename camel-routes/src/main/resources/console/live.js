
/** The live account of this process. */
function finals(verdicts) {
  const byTier = {};
  for (const [detail, count] of Object.entries(verdicts)) {
    const [, tier, stage] = detail.split("/");
    if (stage === "final") byTier[tier] = (byTier[tier] || 0) + count;
  }
  return byTier;
}

function showLive(status) {
  const ledger = status.ledger;
  const total = entry => ledger[entry].total;
  at("where").textContent = status.sink === "file" ? "files in " + status.elasticsearch
    : status.sink === "none" ? "stores no verdicts" : status.index + " at " + status.elasticsearch;
  at("flows").textContent = number.format(total("flows"));
  at("indexed").textContent = number.format(total("indexed"));
  const lost = total("dropped") + total("dead_lettered");
  at("lost").textContent = number.format(lost);
  at("lost").className = lost ? "alarm" : "good";

  const byTier = finals(ledger.verdicts.by);
  const decided = Object.values(byTier).reduce((sum, n) => sum + n, 0);
  const others = Object.keys(byTier).filter(tier => !TIERS.includes(tier));
  const order = TIERS.filter(tier => byTier[tier]).concat(others);
  // Tiers of other names take the colours that are left.
  const colours = TIERS.concat("fourth").filter(colour => !byTier[colour]);
  const colour = tier => TIERS.includes(tier) ? tier : colours[others.indexOf(tier) % colours.length];
  // Of tiers of other names it is not known here how many packets they read.
  at("first").textContent = decided && !others.length ? percent(((byTier.fastest || 0) + (byTier.fast || 0)) / decided) : "–";
  at("median").textContent = decided ? milliseconds(status.latencyMs.p50) : "–";
  at("tiers").replaceChildren(...order.map(tier => {
    const part = element("div", undefined, colour(tier));
    part.style.width = width(byTier[tier] / decided);
    part.title = tier + ": " + number.format(byTier[tier]);
    return part;
  }));
  at("tierkey").replaceChildren(...order.map(tier => {
    const key = element("span");
    key.append(element("i", undefined, colour(tier)), tier + " " + number.format(byTier[tier]) + " (" + percent(byTier[tier] / decided) + ")");
    return key;
  }));

  // Where each tier is scored; of several tasks, with the task.
  const tasks = new Set(status.tiers.map(tier => tier.task));
  at("scorers").replaceChildren(element("span", "scored by"), ...status.tiers.map(tier => {
    const part = element("span", (tasks.size > 1 ? tier.task + " " : "") + tier.tier + ": ");
    tier.scorers.forEach((scorer, i) => part.append(
      i ? ", " : "", element("span", scorer.name, "name"),
      scorer.state ? element("span", " " + scorer.state, scorer.state === "connected" ? "good" : "alarm") : ""));
    return part;
  }));

  const labels = Object.entries(status.labels).sort((a, b) => b[1] - a[1]);
  const most = labels.length ? labels[0][1] : 1;
  at("labels").replaceChildren(...labels.flatMap(([label, count]) => {
    const bar = element("div");
    bar.style.width = width(count / most);
    return [element("span", label), bar, element("span", number.format(count), "number")];
  }));

  const rows = Object.entries(ledger).filter(([, counts]) => counts.total > 0).map(([entry, counts]) => {
    const row = element("tr");
    const details = Object.entries(counts.by).filter(([detail]) => detail).map(([detail, n]) => detail + " " + number.format(n)).join(", ");
    row.append(element("td", entry.replaceAll("_", " ")), element("td", number.format(counts.total), "number"), element("td", details, "detail"));
    return row;
  });
  if (status.pending) {
    const row = element("tr");
    row.append(element("td", "waiting for the slow tier"), element("td", number.format(status.pending), "number"), element("td"));
    rows.push(row);
  }
  if (status.held.documents) {
    const row = element("tr");
    row.append(
      element("td", "held", "alarm"), element("td", number.format(status.held.documents), "number"),
      element("td", "documents that " + taker(status) + " not take, for " + number.format(Math.round(status.held.seconds)) + " s; health says why", "detail"));
    rows.push(row);
  }
  for (const line of status.drift) {
    const row = element("tr");
    row.append(element("td", "drift"), element("td", "", "number"), element("td", line, "detail"));
    rows.push(row);
  }
  at("ledger").replaceChildren(...rows);

  at("latest").replaceChildren(...status.latest.map(verdict => {
    const row = element("tr");
    const stage = element("td");
    stage.append(element("span", verdict.stage + (verdict.revised ? ", revised" : ""), "tag"));
    row.append(
      element("td", verdict.source), element("td", verdict.destination), element("td", verdict.transport), element("td", verdict.label),
      element("td", verdict.confidence.toFixed(3), "number"), element("td", verdict.tier), stage,
      element("td", verdict.packets, "number"), element("td", milliseconds(verdict.latencyMs), "number"), element("td", verdict.observer));
    return row;
  }));
}

/** What stores documents, as the beginning of a sentence on what it does not. */
const taker = status => status.sink === "file" ? "the files do" : "Elasticsearch does";

/** What the search offers. */
function offer(status) {
  const names = Object.keys(status.labels).sort();
  if (at("labelnames").children.length !== names.length) {
    at("labelnames").replaceChildren(...names.map(name => { const one = element("option"); one.value = name; return one; }));
  }
  offerTasks(new Set(status.tiers.map(tier => tier.task)));
}

async function refresh() {
  try {
    const answer = await fetch("api/status", { cache: "no-store" });
    if (!answer.ok) throw new Error("status " + answer.status);
    const status = await answer.json();
    showLive(status);
    offer(status);
    showProcess(status);
    at("state").textContent = status.held.documents ? taker(status) + " not take documents" : "live";
    at("state").className = status.held.documents ? "alarm" : "good";
    if (!dashboards.length) await begin();
  } catch (error) {
    at("state").textContent = "no connection to the routes";
    at("state").className = "alarm";
  }
  setTimeout(refresh, 1000);
}
refresh();
