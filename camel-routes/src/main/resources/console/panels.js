
/** What is shown: a dashboard and what it is narrowed to; the address of the page keeps it. */
const NARROWING = ["label", "host", "task", "last", "from", "to"];
const REFRESH = 10000;
/** How often more than a day of documents is searched. */
const SELDOM = 60000;
const LONG = 25 * 3600000;
let dashboards = [];
let usualWindow = "";
/** The task that is shown where the address names none. */
let shownTask = "";
const shownAsTable = new Set();
let turn = 0;
let timer;

function state() {
  const [board, query] = location.hash.slice(1).split("?", 2);
  const parameters = new URLSearchParams(query || "");
  return { board: dashboards.some(one => one.id === board) ? board : "live", parameters };
}

function go(board, changes) {
  const parameters = new URLSearchParams(state().parameters);
  for (const [name, value] of Object.entries(changes || {})) {
    if (value) parameters.set(name, value); else parameters.delete(name);
  }
  if (changes && (changes.from || changes.to)) parameters.delete("last");
  else if (changes && changes.last) ["from", "to"].forEach(name => parameters.delete(name));
  const query = parameters.toString();
  location.hash = board + (query ? "?" + query : "");
}

const narrow = changes => go(state().board, changes);

/** A value of a column, as something to click where that narrows what is shown. */
function value(cell, column, row) {
  const text = written(cell, column.unit);
  if (cell === null || cell === "other" && column.bucket) return text;
  if (column.unit === "flow" && row) {
    const { columns } = panelOfFlows();
    const observer = row[columns.findIndex(one => one.field === "observer.name")];
    return link(text, "Look into flow " + text, () => narrow({ flow: observer + " " + cell }));
  }
  if (column.field === "serveflow.label" && column.unit === "name") return link(text, "Only label " + text, () => narrow({ label: cell }));
  if (column.unit === "address") return link(text, "Only host " + text, () => narrow({ host: cell }));
  return text;
}

function link(text, title, act) {
  const button = element("button", text, "link");
  button.type = "button";
  button.title = title;
  button.addEventListener("click", act);
  return button;
}

const panelOfFlows = () => dashboards.flatMap(one => one.panels).find(panel => panel.columns.some(column => column.unit === "flow"));

async function ask(path) {
  const answer = await fetch(path, { cache: "no-store" });
  const json = await answer.json().catch(() => null);
  if (json === null) throw new Error("status " + answer.status);
  return json;
}

async function begin() {
  const declared = await ask("api/panels");
  usualWindow = declared.window;
  const ends = new Option("from – to", "");
  ends.disabled = true;
  at("search").elements.last.replaceChildren(...declared.windows.map(one => new Option(one.words, one.id)), ends);
  dashboards = declared.dashboards;
  tabs();
  show();
}

function tabs() {
  at("tabs").replaceChildren(...[{ id: "live", title: "Live" }, ...dashboards].map(one => {
    const tab = element("button", one.title);
    tab.type = "button";
    tab.id = "tab-" + one.id;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", one.id === "live" ? "live" : "board");
    tab.addEventListener("click", () => go(one.id));
    return tab;
  }));
}

at("tabs").addEventListener("keydown", event => {
  const all = [...at("tabs").children];
  const now = all.indexOf(document.activeElement);
  const next = { ArrowRight: (now + 1) % all.length, ArrowLeft: (now + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next].focus();
  all[next].click();
});
addEventListener("hashchange", show);

function show() {
  const { board, parameters } = state();
  theme(parameters.get("theme"));
  for (const tab of at("tabs").children) {
    const chosen = tab.id === "tab-" + board;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  at("live").hidden = board !== "live";
  at("board").hidden = at("search").hidden = board === "live";
  at("board").setAttribute("aria-labelledby", "tab-" + board);
  for (const name of NARROWING) {
    const field = at("search").elements[name];
    const text = chosen(name, parameters);
    if (name === "task" && text) offerTasks([text]);
    field.value = shortened(field, text);
  }
  showFlow(parameters.get("flow"));
  clearTimeout(timer);
  turn++;
  if (board !== "live") load(dashboards.find(one => one.id === board), parameters, turn, true);
}

/** Adds tasks to those that can be chosen; there is nothing to choose from fewer than two. */
function offerTasks(names) {
  const select = at("search").elements.task;
  for (const name of names) {
    if (![...select.options].some(option => option.value === name)) select.append(new Option(name, name));
  }
  at("tasklabel").hidden = select.options.length < 3;
}

/** What is chosen by the address; where it says nothing on time or task, what is usual. */
function chosen(name, parameters) {
  if (name === "task") return parameters.get(name) || shownTask;
  const bounded = parameters.get("from") || parameters.get("to");
  return parameters.get(name) || (name === "last" && !bounded ? usualWindow : "");
}

/** A time as a field for times says it, which leaves out seconds that are 0. */
const shortened = (field, text) => field.type === "datetime-local" ? text.replace("Z", "").slice(0, 19).replace(/(T..:..):00$/, "$1") : text;

async function load(dashboard, parameters, mine, afresh) {
  if (afresh) {
    at("boardhelp").textContent = dashboard.help;
    at("found").textContent = "searching";
    if (at("panels").dataset.board !== dashboard.id) {
      at("panels").dataset.board = dashboard.id;
      at("panels").replaceChildren(...dashboard.panels.map(frameOf));
      if (dashboard.id === "cascade") at("panels").append(processPanel());
    }
  }
  let answer;
  try {
    const query = new URLSearchParams([["dashboard", dashboard.id], ...NARROWING.filter(name => parameters.get(name)).map(name => [name, parameters.get(name)])]);
    answer = await ask("api/panels?" + query);
  } catch (error) {
    answer = { problem: "The routes do not answer; the page asks again." };
  }
  if (mine !== turn) return;
  for (const panel of dashboard.panels) {
    try {
      fill(panel, answer, afresh);
    } catch (error) {
      cannotDraw(panel, error);
    }
  }
  if (answer.tasks) {
    offerTasks(answer.tasks);
    shownTask = answer.task || "";
    if (document.activeElement !== at("search").elements.task) at("search").elements.task.value = shownTask;
  }
  // What is wrong with all of it is said once, not in each panel.
  const said = answer.problem || answer.note || "";
  at("boardnote").textContent = said && !said.endsWith(".") ? said + "." : said;
  at("boardnote").className = answer.problem ? "problem" : "alarm";
  at("found").textContent = answer.problem ? "" : "as of " + clock(Date.now()) + " UTC";
  at("panels").dataset.loaded = mine;
  const seldom = answer.span && answer.span.to - answer.span.from > LONG;
  const again = () => {
    if (mine !== turn) return;
    if (document.hidden) document.addEventListener("visibilitychange", again, { once: true });
    else load(dashboard, parameters, mine, false);
  };
  timer = setTimeout(again, seldom ? SELDOM : REFRESH);
}

function frameOf(panel) {
  const box = element("article", undefined, "panel w" + panel.width);
  box.dataset.panel = panel.id;
  const head = element("div", undefined, "head");
  head.append(element("h2", panel.title));
  if (panel.kind !== "metric" && panel.kind !== "table") {
    const button = element("button", "as table");
    button.type = "button";
    button.setAttribute("aria-label", "as table: " + panel.title);
    button.setAttribute("aria-pressed", shownAsTable.has(panel.id));
    button.addEventListener("click", () => {
      if (!shownAsTable.delete(panel.id)) shownAsTable.add(panel.id);
      button.setAttribute("aria-pressed", shownAsTable.has(panel.id));
      draw(panel, box.querySelector(".body"));
    });
    head.append(button);
  }
  const body = element("div", undefined, "body");
  body.tabIndex = -1;
  box.append(head, element("p", panel.help, "help"), body);
  return box;
}

const latestAnswers = new Map();

/** Draws what has changed, but nothing under the hands of whoever is in it, unless they asked. */
function fill(panel, answer, afresh) {
  const before = JSON.stringify([latestAnswers.get(panel.id)].map(one => one && [one.problem, one.span, (one.panels || {})[panel.id]]));
  latestAnswers.set(panel.id, answer);
  const box = document.querySelector(`[data-panel="${panel.id}"] .body`);
  if (!box) return;
  const same = before === JSON.stringify([[answer.problem, answer.span, (answer.panels || {})[panel.id]]]);
  const within = box.contains(document.activeElement);
  if (box.hasChildNodes() && (same || within && !afresh)) return;
  const text = document.activeElement.textContent;
  draw(panel, box);
  if (within) focusAgain(box, text);
}

/** The button of that text has the focus again after the box was drawn anew; where it is gone, the box. */
function focusAgain(box, text) {
  ([...box.querySelectorAll("button")].find(button => button.textContent === text) || box).focus();
}

/** What is in one answer keeps neither the other panels nor the next answer from being shown. */
function cannotDraw(panel, error) {
  latestAnswers.delete(panel.id);
  const box = document.querySelector(`[data-panel="${panel.id}"] .body`);
  if (box) box.replaceChildren(element("p", "This page cannot draw what Elasticsearch answered (" + error.message + ").", "problem"));
}

slim.addEventListener("change", () => {
  for (const box of at("panels").querySelectorAll("[data-panel] .body")) {
    const panel = dashboards.flatMap(one => one.panels).find(one => one.id === box.closest("[data-panel]").dataset.panel);
    if (panel) draw(panel, box);
  }
});

function draw(panel, box) {
  const answer = latestAnswers.get(panel.id);
  if (!answer) return;
  const one = (answer.panels || {})[panel.id] || {};
  const problem = one.problem;
  const rows = one.rows || [];
  box.dataset.rows = rows.length;
  if (answer.problem) {
    box.replaceChildren(element("p", "–", "empty quiet"));
  } else if (problem) {
    box.replaceChildren(element("p", problem + (problem.endsWith(".") ? "" : "."), "problem"));
  } else if (panel.kind === "metric") {
    box.replaceChildren(element("span", rows.length ? written(rows[0][0], panel.columns[0].unit) : "–", "metric"));
  } else if (!rows.length) {
    box.replaceChildren(element("p", "Nothing here.", "empty quiet"));
  } else {
    const asTable = panel.kind === "table" || shownAsTable.has(panel.id);
    const overTime = panel.columns.some(column => column.bucket && column.unit === "time");
    box.replaceChildren(...(
      asTable ? table(panel, rows, value)
        : panel.kind === "heat" ? heat(panel, rows, value)
          : panel.kind === "line" ? lines(panel, rows, answer.span)
            : overTime ? timeBars(panel, rows, answer.span, narrow)
              : rowBars(panel, rows, value)));
  }
  if (one.note && !problem) box.append(element("p", one.note + ".", "problem"));
}

/** What no document says: drift, what was dropped, and the bundles in use, of this process. */
function processPanel() {
  const box = element("article", undefined, "panel w48");
  box.dataset.panel = "process";
  const head = element("div", undefined, "head");
  head.append(element("h2", "In this process"));
  box.append(head, element("p", "Since its start; no document has this.", "help"), element("div", undefined, "body"));
  return box;
}

function showProcess(status) {
  const box = document.querySelector('[data-panel="process"] .body');
  if (!box) return;
  const list = element("dl");
  const say = (name, text, style) => list.append(element("dt", name), element("dd", text, style || ""));
  const total = entry => number.format(status.ledger[entry].total);
  const details = entry => Object.entries(status.ledger[entry].by).filter(([detail]) => detail).map(([detail, n]) => ", " + detail + " " + number.format(n)).join("");
  say("Drift", status.drift.length ? status.drift.join("; ") : "no bundle in use has a reference");
  say("Dropped", total("dropped") + details("dropped"), status.ledger.dropped.total ? "alarm" : "");
  say("Dead letters", total("dead_lettered") + details("dead_lettered"), status.ledger.dead_lettered.total ? "alarm" : "");
  say("Waiting for the slow tier", number.format(status.pending));
  say(status.sink === "file" ? "Held for files" : "Held for Elasticsearch", number.format(status.held.documents));
  say("Tiers", status.tiers.map(tier => tier.task + " " + tier.tier + ": " + tier.scorers.map(scorer => scorer.name + (scorer.state ? " " + scorer.state : "")).join(", ")).join("; "));
  box.replaceChildren(list);
}

at("search").addEventListener("submit", event => {
  event.preventDefault();
  const fields = at("search").elements;
  const { parameters } = state();
  const changes = {};
  for (const name of NARROWING) {
    const text = fields[name].value.trim();
    if (text === shortened(fields[name], chosen(name, parameters))) continue;
    // The last second counts whole.
    changes[name] = text && fields[name].type === "datetime-local" ? (text.length === 16 ? text + ":00" : text) + (name === "to" ? ".999Z" : "Z") : text;
  }
  narrow(changes);
});
for (const name of ["last", "task"]) {
  at("search").elements[name].addEventListener("change", () => at("search").requestSubmit());
}
at("search").addEventListener("reset", event => {
  event.preventDefault();
  narrow(Object.fromEntries(NARROWING.map(name => [name, ""])));
});
addEventListener("keydown", event => {
  if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName) && !at("search").hidden) {
    event.preventDefault();
    at("search").elements.label.focus();
  }
});

/** Light, dark, or as the system is. */
const THEMES = ["auto", "light", "dark"];
function remembered() {
  try { return localStorage.getItem("theme"); } catch (error) { return null; }
}
function theme(asked) {
  const chosen = THEMES.find(one => one === (asked || remembered())) || "auto";
  if (chosen === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = chosen;
  at("theme").textContent = "Theme: " + chosen;
  return chosen;
}
at("theme").addEventListener("click", () => {
  const next = THEMES[(THEMES.indexOf(theme(state().parameters.get("theme"))) + 1) % THEMES.length];
  try { localStorage.setItem("theme", next); } catch (error) { /* then it lasts as long as the page */ }
  if (state().parameters.get("theme")) narrow({ theme: next }); else theme(next);
});

/** Why a verdict stands, or waits. */
function why(verdict) {
  const tier = verdict.tier, packets = verdict.packets + (verdict.packets === 1 ? " packet" : " packets");
  const uncertainty = verdict.uncertainty === undefined ? "" : " (" + verdict.uncertainty.toFixed(3) + ")";
  const reasons = {
    certain: `${tier} read ${packets} and was certain enough: its uncertainty${uncertainty} is not above the threshold to ask the next tier.`,
    uncertain: `${tier} read ${packets} and was unsure: its uncertainty${uncertainty} is above the threshold, so the next tier was asked.`,
    depth: `The tiers before were unsure, so ${tier} read ${packets}, all that the sensor keeps of a flow.`,
    timeout: `The tiers before were unsure, so ${tier} read the ${packets} that came until the wait ran out.`,
    end: `The tiers before were unsure, so ${tier} read the ${packets} that came before the flow ended.`,
    slow_overloaded: `${tier} was unsure, but the slow tier was behind and others were more uncertain, so the fast verdict stands.`,
    slow_source_share: `${tier} was unsure, but the source of the flow held its share of the slow path, so the fast verdict stands.`,
    slow_unavailable: `${tier} was unsure, but the slow tier had no answer, so the fast verdict stands.`,
    record_too_short: `${tier} was unsure, but the sensor keeps fewer packets than the slow tier reads, so the fast verdict stands.`,
  };
  return reasons[verdict.reason] || `The reason is ${verdict.reason}.`;
}

let shownFlow = null;
/** The sensor's id of the flow that was looked into last, which the button says that opened it. */
let openedUid = "";
let openedFrom = document.body;

async function showFlow(flow) {
  if (flow === shownFlow) return;
  shownFlow = flow;
  if (!flow) {
    at("flow").close();
    return;
  }
  const space = flow.lastIndexOf(" ");
  const [observer, uid] = [flow.slice(0, space), flow.slice(space + 1)];
  openedUid = uid;
  at("flowtitle").textContent = "Flow " + uid;
  at("flowbody").replaceChildren(element("p", "searching", "quiet"));
  if (!at("flow").open) {
    openedFrom = document.activeElement;
    at("flow").showModal();
  }
  let parts;
  try {
    const answer = await askForFlow(flow, "api/panels?" + new URLSearchParams({ observer, uid }));
    if (flow !== shownFlow) return;
    parts = describe(answer);
  } catch (error) {
    parts = [element("p", "This page cannot show this flow (" + error.message + ").", "problem")];
  }
  if (flow === shownFlow) at("flowbody").replaceChildren(...parts);
}

/** Asks again where too much is being asked at once. */
async function askForFlow(flow, path) {
  for (;;) {
    let answer;
    try {
      answer = await ask(path);
    } catch (error) {
      return { problem: "The routes do not answer" };
    }
    if (!answer.busy || flow !== shownFlow) return answer;
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

at("closeflow").addEventListener("click", () => at("flow").close());
at("flow").addEventListener("close", () => {
  if (shownFlow) narrow({ flow: "" });
  // The browser gives the focus back to what had it, unless that was drawn anew meanwhile.
  const panel = panelOfFlows();
  const queue = panel && document.querySelector(`[data-panel="${panel.id}"] .body`);
  if (!openedFrom.isConnected && queue) focusAgain(queue, openedUid);
});

function describe(answer) {
  if (answer.problem) return [element("p", answer.problem + ".", "problem")];
  const parts = [];
  const first = answer.documents[0];
  const endpoint = side => side ? side.ip + (side.port === undefined ? "" : " port " + side.port) : "unknown";
  at("flowtitle").textContent = endpoint(first.source) + " → " + endpoint(first.destination);
  if (answer.note) parts.push(element("p", answer.note + ".", "problem"));
  const facts = element("dl");
  const say = (name, text) => { if (text) facts.append(element("dt", name), element("dd", text)); };
  say("Start", first["@timestamp"]);
  say("Transport", (first.network || {}).transport);
  say("Community ID", (first.network || {}).community_id);
  say("Flow id", first.log.id.uid);
  say("Observer", first.observer.name);
  parts.push(facts);
  for (const document of answer.documents) {
    const verdict = document.serveflow;
    parts.push(element("h3", `${verdict.stage} verdict of ${verdict.tier} for ${verdict.task}${verdict.revised ? ", revised" : ""} (${verdict.bundle.name} ${verdict.bundle.version})`));
    const said = element("p");
    said.append(element("b", verdict.label), ` with confidence ${percent(verdict.confidence)}, after ${milliseconds(verdict.latency.total_ms)}`);
    const because = element("p", why(verdict));
    because.dataset.why = verdict.reason;
    parts.push(said, because);
    if (verdict.label === "unknown") parts.push(element("p", "Answers like this one were right too rarely, so no label is given.", "quiet"));
    const top = Object.entries(verdict.top || {});
    if (top.length) {
      const bars = element("div", undefined, "bars");
      for (const [label, probability] of top) {
        const bar = element("div");
        bar.style.width = width(probability);
        bars.append(element("span", label), bar, element("span", percent(probability), "number"));
      }
      parts.push(bars);
    }
  }
  parts.push(element("h3", "First bytes of the packets"));
  if (answer.packets) {
    for (const packet of answer.packets) {
      parts.push(element("p", `${packet.fromOriginator ? "→" : "←"} after ${packet.offsetMs.toFixed(3)} ms, ${packet.length} bytes from the IP header on`, "quiet"));
      const dump = element("pre", hexadecimal(packet.bytes));
      dump.tabIndex = 0;
      parts.push(dump);
    }
  } else {
    parts.push(element("p", answer.keepsPackets
      ? "This process keeps those of the latest uncertain flows alone, and this flow is not among them."
      : "None are kept; the setting serveflow.console.packets says of how many flows they are.", "quiet"));
  }
  return parts;
}

/** Sixteen bytes a line, with what is printable of them. */
function hexadecimal(bytes) {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) {
    const pairs = bytes.slice(i, i + 32).match(/../g);
    const text = pairs.map(pair => { const code = parseInt(pair, 16); return code >= 32 && code < 127 ? String.fromCharCode(code) : "·"; }).join("");
    lines.push((i / 2).toString(16).padStart(4, "0") + "  " + pairs.join(" ").padEnd(47) + "  " + text);
  }
  return lines.join("\n");
}
