// Finds the problems of a picture in the browser that drew it. This file runs in the page, and is JavaScript so that the project's types need no types of a
// page.
window.pictureProblems = () => {
  const root = document.querySelector("svg.topology");
  if (root === null) return ["there is no picture"];
  const slack = 0.5; // A difference of half a pixel comes from rounding.
  const name = (element) => (element.tagName === "text" ? `"${element.textContent}"` : element.getAttribute("class"));
  const of = (element) => element.getBoundingClientRect();
  const inside = (inner, outer) =>
    inner.left >= outer.left - slack &&
    inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack &&
    inner.bottom <= outer.bottom + slack;
  const overlap = (one, other) =>
    one.left < other.right - slack && other.left < one.right - slack && one.top < other.bottom - slack && other.top < one.bottom - slack;
  // Whether two boxes are lines of one text: their boxes may overlap by up to two pixels.
  const closeLines = (one, next) =>
    one.element.tagName === "text" && next.element.tagName === "text" && one.rect.bottom - next.rect.top < 2;
  const problems = [];
  const boxes = [...root.querySelectorAll("g")];
  for (const group of boxes) {
    const [frame, ...inner] = group.children;
    const content = inner.map((element) => ({ element, rect: of(element.tagName === "g" ? element.children[0] : element) }));
    for (const { element, rect } of content) {
      if (!inside(rect, of(frame))) problems.push(`${name(element)} is partly outside of ${name(group)}`);
      if (rect.width === 0 || rect.height === 0) problems.push(`${name(element)} is invisible`);
    }
    content.forEach((one, index) => {
      for (const next of content.slice(index + 1))
        if (overlap(one.rect, next.rect) && !closeLines(one, next)) problems.push(`${name(one.element)} overlaps ${name(next.element)}`);
    });
    if (!inside(of(frame), of(root))) problems.push(`${name(group)} is cut off`);
  }
  const texts = [...root.querySelectorAll("text")].map((element) => ({ element, rect: of(element) }));
  for (const path of root.querySelectorAll("path.arrow")) {
    const hit = texts.find(({ rect }) => {
      for (let at = 0; at <= path.getTotalLength(); at += 2) {
        const { x, y } = path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
        if (overlap(rect, { left: x - 1, right: x + 1, top: y - 1, bottom: y + 1 })) return true;
      }
      return false;
    });
    if (hit !== undefined) problems.push(`an arrow crosses ${name(hit.element)}`);
  }
  return problems;
};
