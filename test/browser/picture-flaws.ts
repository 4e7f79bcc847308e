/** What is wrong with a picture, found in the browser that drew it: runs inside the page, so it may use nothing from outside of itself. */
export function pictureFlaws(): string[] {
  const root = document.querySelector("svg.topology");
  if (root === null) return ["there is no picture"];
  // Half a pixel is a rounding.
  const slack = 0.5;
  const name = (element: Element) =>
    element.tagName === "text" ? `"${element.textContent ?? ""}"` : (element.getAttribute("class") ?? "");
  const inside = (inner: DOMRect, outer: DOMRect) =>
    inner.left >= outer.left - slack &&
    inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack &&
    inner.bottom <= outer.bottom + slack;
  const overlap = (one: DOMRect, other: DOMRect) =>
    one.left < other.right - slack && other.left < one.right - slack && one.top < other.bottom - slack && other.top < one.bottom - slack;
  const of = (element: Element) => element.getBoundingClientRect();
  const flaws: string[] = [];
  const boxes = [...root.querySelectorAll("g")];
  for (const group of boxes) {
    const own = [...group.children];
    const frame = of(own[0]);
    const inner = own.slice(1);
    const content = inner.map((element) => ({ element, rect: of(element.tagName === "g" ? element.children[0] : element) }));
    for (const { element, rect } of content) if (!inside(rect, frame)) flaws.push(`${name(element)} sticks out of ${name(group)}`);
    content.forEach(({ element, rect }, index) => {
      for (const next of content.slice(index + 1))
        // Lines of text stand close together: what overlaps of their boxes is air, up to a pixel.
        if (overlap(rect, next.rect) && !(element.tagName === "text" && next.element.tagName === "text" && rect.bottom - next.rect.top < 2))
          flaws.push(`${name(element)} overlaps ${name(next.element)}`);
    });
  }
  for (const group of boxes) if (!inside(of(group), of(root))) flaws.push(`${name(group)} is cut off`);
  const texts = [...root.querySelectorAll("text")];
  for (const path of root.querySelectorAll<SVGPathElement>("path.arrow")) {
    const matrix = path.getScreenCTM();
    const length = path.getTotalLength();
    for (let at = 0; at <= length; at += 2) {
      const point = path.getPointAtLength(at).matrixTransform(matrix ?? undefined);
      const hit = texts.find((text) => overlap(of(text), new DOMRect(point.x - 1, point.y - 1, 2, 2)));
      if (hit !== undefined) {
        flaws.push(`an arrow crosses ${name(hit)}`);
        break;
      }
    }
  }
  return flaws;
}
