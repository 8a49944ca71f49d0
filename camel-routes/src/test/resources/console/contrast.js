// What can be seen of the page, and is too near to its ground: text below 4.5 to 1 (large text 3 to 1, as WCAG 2.2
// has it in 1.4.3), marks of charts and the edges of fields below 3 to 1 (1.4.11). Comes to a list of sentences.
(() => {
  const numbers = colour => { const all = colour.match(/[\d.]+/g).map(Number); return all.length === 3 ? [...all, 1] : all; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const luminance = colour => [.2126, .7152, .0722].reduce((sum, share, i) => {
    const part = colour[i] / 255;
    return sum + share * (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  }, 0);
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + .05) / (dark + .05);
  };
  const faults = new Set();
  let texts = 0, marks = 0;
  const judge = (what, colour, under, least) => {
    const found = contrast(over(numbers(colour), under), under);
    if (found < least) faults.add(`${what}: ${found.toFixed(2)} of ${least}, ${colour} on ${under.slice(0, 3).map(Math.round)}`);
  };
  const named = element => (element.closest("[data-panel]")?.dataset.panel || "page") + " " + element.tagName.toLowerCase()
    + (element.getAttribute("class") ? "." + element.getAttribute("class") : "");
  const seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (seen.nextNode()) {
    const element = seen.currentNode.parentElement;
    if (!seen.currentNode.data.trim() || /^(script|style|title|option)$/i.test(element.tagName) || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    texts++;
    judge(named(element), element instanceof SVGElement ? style.fill : style.color, ground(element),
      size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5);
  }
  for (const field of document.querySelectorAll("input, select, button")) {
    if (!field.checkVisibility()) continue;
    const style = getComputedStyle(field);
    if (parseFloat(style.borderTopWidth)) judge(named(field) + " edge", style.borderTopColor, ground(field.parentElement), 3);
    if (field.placeholder) judge(named(field) + " placeholder", getComputedStyle(field, "::placeholder").color, ground(field), 4.5);
  }
  for (const mark of document.querySelectorAll("svg .bar, svg .dot, svg .line, .bars > div, .key i, .stack div")) {
    if (!mark.checkVisibility()) continue;
    marks++;
    const style = getComputedStyle(mark);
    const colour = !(mark instanceof SVGElement) ? style.backgroundColor : mark.classList.contains("line") ? style.stroke : style.fill;
    judge(named(mark), colour, ground(mark.parentElement), 3);
  }
  return { texts, marks, faults: [...faults] };
})()
