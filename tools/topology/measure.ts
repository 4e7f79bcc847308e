/**
 * Widths of letters, by groups of letters with similar widths, so that a text can be measured without a font engine. They are the widths of
 * DejaVu Sans, rounded up: one of the widest fonts that browsers use for system-ui or sans-serif.
 */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl|!'.,:;I \u00a0]/, 0.34],
  [/[ftr()[\]{}/\\-]/, 0.42],
  [/[mMW@%→…]/, 1],
  [/[wA-Z×+=<>~#&_]/, 0.85],
  [/[\u0020-\u007e]/, 0.64],
];

/** Width of all other letters, such as letters of other scripts. */
const OTHER_LETTER_WIDTH = 1.2;

/** Factor for bold letters (DejaVu Sans Bold against DejaVu Sans). */
const BOLD = 1.13;

export interface Font {
  readonly size: number;
  readonly bold?: boolean;
}

/** The greatest possible width of a text, in the unit of the font size. */
function widthOf(text: string, { size, bold = false }: Font): number {
  const letters = Array.from(text).reduce(
    (sum, letter) => sum + (WIDTHS.find(([group]) => group.test(letter))?.[1] ?? OTHER_LETTER_WIDTH),
    0,
  );
  return letters * size * (bold ? BOLD : 1);
}

/** Breaks a text into lines of at most this width: between words, and inside a word that is too wide itself. */
export function wrapText(text: string, width: number, font: Font): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/[ \n\t]+/).flatMap((one) => pieces(one, width, font))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer, font) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, width: number, font: Font): string[] {
  const found: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (piece !== "" && widthOf(piece + letter, font) > width) {
      found.push(piece);
      piece = letter;
    } else piece += letter;
  }
  return piece === "" ? found : [...found, piece];
}
