
"use strict";
const number = new Intl.NumberFormat("en");
const at = id => document.getElementById(id);
const element = (name, text, style) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (style) made.className = style;
  return made;
};
const drawn = (name, attributes, text) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};
const percent = share => (100 * share).toFixed(1) + " %";
const width = share => (100 * share).toFixed(2) + "%";
const milliseconds = ms => ms >= 1000 ? (ms / 1000).toFixed(2) + " s" : ms >= 10 ? ms.toFixed(0) + " ms" : ms.toFixed(2) + " ms";
const clock = ms => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** A value as it is written, by what it is. */
function written(value, unit) {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "count": return number.format(value);
    case "share": return percent(value);
    case "millis": return milliseconds(value);
    case "micros": return number.format(Math.round(value)) + " µs";
    case "time": return clock(value);
    default: return String(value);
  }
}

const isNumber = unit => ["count", "share", "millis", "micros", "port"].includes(unit);
const MOST_COLOURS = 10;

/** The tiers of the shipped cascades, whose colours are the same wherever they are drawn. */
const TIERS = ["fastest", "fast", "slow"];

/** The values of the first column, most frequent first, each with a colour; those beyond share one. */
function series(rows, column) {
  const sums = new Map();
  for (const row of rows) sums.set(row[0], (sums.get(row[0]) || 0) + row[row.length - 1]);
  const names = [...sums.keys()].filter(name => name !== "other").sort((a, b) => sums.get(b) - sums.get(a));
  const tiers = column.field === "serveflow.tier" ? TIERS : [];
  // Without those that the tiers have.
  const spare = tiers.length ? [2, 4, 5, 6, 7, 8, 9] : [...Array(MOST_COLOURS).keys()];
  let taken = 0;
  const colour = new Map(names.slice(0, MOST_COLOURS).map(name => [name, tiers.includes(name) ? name : "c" + spare[taken++ % spare.length]]));
  return { sums, colour, of: name => colour.get(name) || "rest" };
}

/** What a mark stands for, for whoever compares it with the index; the table of a chart has the same for people. */
function marked(made, says) {
  Object.assign(made.dataset, says);
  return made;
}

function legend(entries) {
  const key = element("div", undefined, "key");
  for (const [name, style, text] of entries) {
    const one = element("span");
    one.append(element("i", undefined, style), name + (text ? " " + text : ""));
    key.append(one);
  }
  return key;
}

const WIDE = 1180, NARROW = 560, LEFT = 52, BOTTOM = 22, TOP = 8;

/** As where the style gives each chart the whole width, in which the text of a wide one would be too small. */
const slim = matchMedia("(max-width: 900px)");

function frame(panel, height, span) {
  const label = panel.title + ": " + panel.help;
  const wide = panel.width > 24 && !slim.matches;
  const total = wide ? WIDE : NARROW;
  const svg = drawn("svg", { viewBox: `0 0 ${total} ${height}`, role: "img", "aria-label": label });
  const from = Math.floor(span.from / span.interval) * span.interval;
  const to = Math.floor(span.to / span.interval) * span.interval + span.interval;
  const x = ms => LEFT + (total - LEFT - 8) * (ms - from) / (to - from);
  const marks = wide ? 6 : 3;
  for (let i = 0; i <= marks; i++) {
    const ms = from + (to - from) * i / marks;
    const anchor = i === 0 ? "start" : i === marks ? "end" : "middle";
    const text = to - from > 2 * 86400000 ? clock(ms).slice(0, 16) : clock(ms).slice(i === 0 ? 0 : 11);
    svg.append(drawn("text", { x: x(ms), y: height - 6, "text-anchor": anchor }, text));
  }
  return { svg, x, total, bottom: height - BOTTOM };
}

function gridLine(svg, total, y, text) {
  svg.append(drawn("line", { class: "axis", x1: LEFT, x2: total - 8, y1: y, y2: y }));
  svg.append(drawn("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, text));
}

/** A round number that is not less. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map(n => n * power).find(n => n >= value);
}

/** Bars stacked over time: rows of name, time and count. */
function timeBars(panel, rows, span, narrow) {
  const { sums, colour, of } = series(rows, panel.columns[0]);
  const byTime = new Map();
  for (const [name, time, count] of rows) {
    if (!byTime.has(time)) byTime.set(time, new Map());
    const stack = byTime.get(time);
    const key = colour.has(name) ? name : "other";
    stack.set(key, (stack.get(key) || 0) + count);
  }
  const most = roundUp(Math.max(...[...byTime.values()].map(stack => [...stack.values()].reduce((a, b) => a + b, 0))));
  const height = 210;
  const { svg, x, total, bottom } = frame(panel, height, span);
  const y = count => bottom - (bottom - TOP) * count / most;
  for (const share of [0, .5, 1]) gridLine(svg, total, y(most * share), number.format(most * share));
  const order = [...colour.keys(), "other"];
  for (const [time, stack] of byTime) {
    let below = 0;
    for (const name of order) {
      const count = stack.get(name);
      if (!count) continue;
      const left = x(time), right = x(time + span.interval);
      const bar = marked(drawn("rect", {
        class: "bar " + of(name), x: left + .5, width: Math.max(1, right - left - 1),
        y: y(below + count), height: Math.max(.5, y(below) - y(below + count)) }), { series: name, time, value: count });
      bar.append(drawn("title", {}, `${name}: ${number.format(count)} from ${clock(time)}`));
      bar.addEventListener("click", () => narrow({ from: new Date(time).toISOString(), to: new Date(time + span.interval - 1).toISOString() }));
      svg.append(bar);
      below += count;
    }
  }
  const beyond = [...sums].filter(([name]) => !colour.has(name)).reduce((sum, [, n]) => sum + n, 0);
  const entries = [...colour].map(([name, style]) => [name, style, number.format(sums.get(name))]);
  if (beyond) entries.push(["other", "rest", number.format(beyond)]);
  return [svg, legend(entries)];
}

/** Lines over time: rows of time and measures. Times that it takes go up by powers of ten. */
function lines(panel, rows, span) {
  const measures = panel.columns.slice(1);
  const unit = measures[0].unit;
  const values = rows.flatMap(row => row.slice(1)).filter(value => value !== null);
  if (!values.length) return [element("p", "Nothing here.", "empty quiet")];
  const { svg, x, total, bottom } = frame(panel, 210, span);
  let y;
  if (unit === "millis") {
    const low = Math.floor(Math.log10(Math.max(.001, Math.min(...values)))), high = Math.ceil(Math.log10(Math.max(.01, ...values)));
    y = value => bottom - (bottom - TOP) * (Math.log10(Math.max(value, 10 ** low)) - low) / Math.max(1, high - low);
    for (let power = low; power <= high; power++) {
      const ms = 10 ** power;
      gridLine(svg, total, y(ms), ms >= 1000 ? ms / 1000 + " s" : ms >= 1 ? ms + " ms" : ms * 1000 + " µs");
    }
  } else {
    const most = unit === "share" ? 1 : roundUp(Math.max(...values));
    y = value => bottom - (bottom - TOP) * value / most;
    for (const share of [0, .5, 1]) gridLine(svg, total, y(most * share), written(most * share, unit));
  }
  measures.forEach((measure, i) => {
    const points = rows.filter(row => row[i + 1] !== null).map(row => [x(row[0] + span.interval / 2), y(row[i + 1]), row]);
    svg.append(drawn("polyline", { class: "line c" + i, points: points.map(([px, py]) => px.toFixed(1) + "," + py.toFixed(1)).join(" ") }));
    for (const [px, py, row] of points) {
      const dot = marked(drawn("circle", { class: "dot c" + i, cx: px, cy: py, r: 3 }), { series: measure.label, time: row[0], value: row[i + 1] });
      dot.append(drawn("title", {}, `${measure.label}: ${written(row[i + 1], unit)} from ${clock(row[0])}`));
      svg.append(dot);
    }
  });
  return [svg, legend(measures.map((measure, i) => [measure.label, "c" + i]))];
}

/** A bar for each row of name and count. */
function rowBars(panel, rows, value) {
  const sum = rows.reduce((all, row) => all + row[1], 0);
  const most = Math.max(...rows.map(row => row[1]));
  const bars = element("div", undefined, "bars shares");
  for (const row of rows) {
    const bar = marked(element("div"), { series: row[0], value: row[1] });
    bar.style.width = width(row[1] / most);
    const name = element("span");
    name.append(value(row[0], panel.columns[0]));
    bars.append(name, bar, element("span", number.format(row[1]), "number"), element("span", percent(row[1] / sum), "number quiet"));
  }
  return [bars];
}

/** A field of colours: rows of two names and a count. */
function heat(panel, rows, value) {
  const sums = [new Map(), new Map()];
  const cells = new Map();
  let most = 1;
  for (const [row, column, count] of rows) {
    sums[0].set(row, (sums[0].get(row) || 0) + count);
    sums[1].set(column, (sums[1].get(column) || 0) + count);
    cells.set(row + "\n" + column, count);
    most = Math.max(most, count);
  }
  const [down, across] = sums.map(one => [...one.keys()].sort((a, b) => one.get(b) - one.get(a)));
  const table = element("table", undefined, "heat");
  const top = element("tr");
  top.append(element("th", panel.columns[0].label));
  for (const name of across) {
    const head = element("th");
    head.scope = "col";
    head.append(value(name, panel.columns[1]));
    top.append(head);
  }
  table.append(element("thead"));
  table.firstChild.append(top);
  const body = element("tbody");
  for (const name of down) {
    const row = element("tr");
    const head = element("th");
    head.scope = "row";
    head.append(value(name, panel.columns[0]));
    row.append(head);
    for (const column of across) {
      const count = cells.get(name + "\n" + column);
      const cell = element("td", count ? number.format(count) : "");
      if (count) cell.style.setProperty("--share", (.15 + .85 * Math.log(1 + count) / Math.log(1 + most)).toFixed(3));
      row.append(cell);
    }
    body.append(row);
  }
  table.append(body);
  return [scrolling(table, panel.title)];
}

function scrolling(table, title) {
  const box = element("div", undefined, "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", title);
  box.append(table);
  return box;
}

/** All rows with all columns. */
function table(panel, rows, value) {
  const made = element("table");
  const top = element("tr");
  for (const column of panel.columns) {
    const head = element("th", column.label + (column.unit === "time" ? " (UTC)" : ""), isNumber(column.unit) ? "number" : "");
    head.scope = "col";
    top.append(head);
  }
  made.append(element("thead"));
  made.firstChild.append(top);
  const body = element("tbody");
  for (const row of rows) {
    const line = element("tr");
    row.forEach((cell, i) => {
      const column = panel.columns[i];
      const box = element("td", undefined, isNumber(column.unit) ? "number" : "");
      box.append(value(cell, column, row));
      line.append(box);
    });
    body.append(line);
  }
  made.append(body);
  return [scrolling(made, panel.title)];
}
