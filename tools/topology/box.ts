import { type Font, wrapText } from "./measure";

export type TextStyle = "heading" | "strong" | "plain" | "faint" | "alert";

/** Fonts of the styles; svg.ts uses the same. */
export const fonts: Readonly<Record<TextStyle, Font>> = {
  heading: { size: 17, bold: true },
  strong: { size: 13, bold: true },
  plain: { size: 12 },
  faint: { size: 12 },
  alert: { size: 12, bold: true },
};

export interface TextLine {
  readonly text: string;
  readonly style: TextStyle;
}

/** A text with its position: the left end of its baseline, relative to the corner of its box. */
export interface PlacedLine extends TextLine {
  readonly x: number;
  readonly y: number;
}

/** A box with its content; its position is relative to the corner of the enclosing box. */
export interface Box {
  readonly kind:
    "page" | "internet" | "network" | "zone" | "subnet" | "entry-point" | "machines" | "services" | "service" | "flows" | "group";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether the thing in the box can be reached from the internet. */
  readonly open: boolean;
  readonly lines: readonly PlacedLine[];
  readonly boxes: readonly Box[];
}

/** A box whose height follows from its width. */
export type FlowingBox = (width: number) => Box;

const PADDING = 12;
const GAP = 12;
/**
 * Height of a line above the baseline (ASCENT), and its total height (LINE_HEIGHT), in font sizes. In DejaVu Sans these are 0.93 and 1.17.
 */
const ASCENT = 1;
const LINE_HEIGHT = 1.4;

export interface Content {
  readonly kind: Box["kind"];
  readonly open?: boolean;
  readonly lines: readonly TextLine[];
  /** Boxes below the lines, one below the other. */
  readonly rows?: readonly BoxRows[];
}

/** Boxes side by side in several rows; each row is as high as its highest box. */
export interface BoxRows {
  readonly boxes: readonly FlowingBox[];
  readonly columns: number;
  /** Width of the space for arrows to the left of each column. */
  readonly gutter?: number;
}

/** A box with texts, and boxes below them. */
export function box({ kind, open = false, lines, rows = [] }: Content): FlowingBox {
  return (width) => {
    // A page has the same padding as any other box; the diagram adds the page's margin around it.
    const inner = width - 2 * PADDING;
    const indent = rows.some(({ gutter = 0 }) => gutter > 0) ? Math.max(...rows.map(({ gutter = 0 }) => gutter)) : 0;
    let y = PADDING;
    const placed: PlacedLine[] = [];
    for (const { text, style } of lines) {
      const font = fonts[style];
      for (const part of wrapText(text, inner - indent, font)) {
        placed.push({ text: part, style, x: PADDING + indent, y: y + ASCENT * font.size });
        y += LINE_HEIGHT * font.size;
      }
    }
    const boxes: Box[] = [];
    for (const part of rows) {
      if (part.boxes.length === 0) continue;
      if (y > PADDING) y += GAP;
      const row = inRows(part, inner, y);
      boxes.push(...row.boxes);
      y = row.bottom;
    }
    return { kind, open, x: 0, y: 0, width, height: y + PADDING, lines: placed, boxes };
  };
}

function inRows({ boxes, columns: maxColumns, gutter = 0 }: BoxRows, width: number, top: number) {
  const columns = Math.min(maxColumns, boxes.length);
  const step = (width + GAP) / columns;
  const placed: Box[] = [];
  let y = top;
  for (let start = 0; start < boxes.length; start += columns) {
    const row = boxes.slice(start, start + columns).map((flowing) => flowing(step - GAP - gutter));
    const height = Math.max(...row.map((one) => one.height));
    placed.push(...row.map((one, column) => ({ ...one, x: PADDING + column * step + gutter, y, height })));
    y += height + GAP;
  }
  return { boxes: placed, bottom: y - GAP };
}
