import { HEADER, NAME, REFERENCE } from "./secret-names";

/** The text that replaces a secret. */
export const REDACTED = "[redacted]";

/** The characters between a name and its value: `name: `, `"name":`, `\"name\": `, `["name"] = `, `name=`, `name => `, `name:: `. */
const SEPARATOR = /\\{0,16}(?:["']\]?)?[ \t\u00a0]{0,64}(?::=|[+?]=|->|={1,3}>?|:{1,2})[ \t\u00a0]{0,64}(?:\\\r?\n[ \t]{0,64})?/y;

/** The characters between the name and the value of a container's variable: `{"name": "DB_PASSWORD", "value": "…"}`, also as YAML. */
const VARIABLE_SEPARATOR = /\\{0,16}["']?[ \t]{0,64},?\s{0,256}\\{0,16}["']?value\\{0,16}["']?[ \t]{0,64}[:=][ \t]{0,64}/iy;

/**
 * The characters between a command-line option and its value: `--password x`, `--password \` before a line end, and `"--password","x"`, also on
 * several lines, whose ends may be written as `\n`, or as entries of a YAML array.
 */
const OPTION =
  /(?:[ \t]{1,64}(?:\\\r?\n[ \t]{0,64})?(?=[^-\s\])},])|(?:\\{0,16}["'][ \t]{0,64}(?:,(?:\s|\\{1,16}n){0,256})?|["']?[ \t]{0,64}\r?\n[ \t]{0,64}-[ \t]{1,64})(?=[^\s\])},])(?!\\{0,16}["']?-))/y;

/** Type marks that Go and YAML put before a value: `(string) (len=13) `, `[]string`, `&v1.Secret`, `!!str `, `&anchor `. */
const TYPE =
  /(?:\((?:\*?string|len=\d{1,9}|cap=\d{1,9}|0x[0-9a-f]{1,16})\)[ \t]{0,8}|(?:\[\]|&)[\w.*]{1,128}(?=\{)|!{1,2}[a-z]{1,32}[ \t]{1,8}|&\w{1,64}[ \t]{1,8}){1,8}/y;

/** The beginning of an object; not a value such as `{SSHA}…`. */
const OBJECT_START = /\{(?=\s{0,256}(?:\}|\\{0,16}["']|[\w.-]{1,128}[ \t]{0,8}[:=]))/y;

/** A key in an object. */
const KEY = /\\{0,16}["']?(?<key>[\w./-]{1,128})\\{0,16}["']?[ \t]{0,64}[:=]\s{0,256}/y;

/** A field in a YAML object under a secret's name whose value is the secret. */
const VALUE_KEY = /[ \t]{0,256}["']?(?:value|plain(?:text)?|text|data|raw|content|string|literal)["']?[ \t]{0,64}:[ \t]{0,64}/iy;

/** An entry of a YAML array that is a text, not an object. */
const ENTRY = /[ \t]{0,256}-[ \t]{1,64}(?=[^\s#{[-])(?![^\n]{0,512}:(?:\s|$))/y;

/** The quotes of Python and TOML for strings on several lines. */
const TRIPLE_QUOTE = /[bru]{0,2}(?<triple>"""|''')/iy;

/** `|` or `>`, which begin a YAML block, before the end of a line, which may be written as `\n` in a string. */
const BLOCK = /[|>][-+0-9]{0,3}[ \t]{0,64}(?:\r?\n|$|(?<written>\\{1,16}n))/y;

/** An opening quote, also of Python's bytes (`b'…'`) and of a shell's `$'…'`. */
const OPENING_QUOTE = /[bru$]?(?<quote>\\{0,16}["'])/iy;

/** White space before an opening quote, which may be on the next line, as in printed JSON. */
const QUOTE_FOLLOWS = /\s{0,256}(?=[bru$]?\\{0,16}["'])/iy;

/** An unquoted value: it ends at white space, a quote, or a line end that is written as `\n`. */
const PLAIN = /(?:[^\s"'\\]|\\(?![\\nrt"']))+/y;

/** A shell's word goes on after a closing quote: `'a'\''b'`. */
const REST_OF_WORD = /(?:[\w$]|\\')\S*/y;

/** Values that are not secrets: `automountServiceAccountToken: false`. */
const HARMLESS = /(?:true|false|null|nil|~)(?![^\s,;}\]"'])/y;

/** Characters before a position that are searched for the beginning of a name or a line. */
const LOOK_BACK = 256;

/** Redacts the values of secret fields in a text, in linear time. */
export function withoutSecretFields(text: string): string {
  return new Scanner(text).result();
}

/** Scans a text once. Apart from bounded parts it reads no character twice. */
class Scanner {
  private readonly parts: string[] = [];
  /** Position up to which the text has been copied to `parts`. */
  private copied = 0;
  /** Cached searches of `next`: the start of the search and the index found. A text that does not occur is searched for only once. */
  private readonly known = new Map<string, { readonly from: number; readonly index: number }>();

  constructor(private readonly text: string) {}

  result(): string {
    NAME.lastIndex = 0;
    for (let found = NAME.exec(this.text); found !== null; found = NAME.exec(this.text)) {
      const goOn = this.field(found.index, NAME.lastIndex, found[0]);
      NAME.lastIndex = Math.max(NAME.lastIndex, goOn);
    }
    return [...this.parts, this.text.slice(this.copied)].join("");
  }

  /** Redacts the value of a name; returns the position to continue at. */
  private field(start: number, end: number, word: string): number {
    const name = this.beginningOf(start);
    const content = this.contentOfTag(name, end);
    if (content !== undefined) return content;
    const value = this.after(SEPARATOR, end) ?? this.after(VARIABLE_SEPARATOR, end);
    if (value !== undefined) return HEADER.test(word) ? this.header(value, name) : this.value(value, name);
    const argument = this.text[name] === "-" ? this.after(OPTION, end) : undefined;
    return argument === undefined ? end : this.value(argument, name);
  }

  /** Redacts the content of the XML element with this name; undefined if the name is not the name of an element. */
  private contentOfTag(name: number, end: number): number | undefined {
    if (!/<(?:\w{1,64}:)?$/.test(this.text.slice(Math.max(0, name - 66), name))) return undefined;
    const start = this.after(/(?:\s[^<>]{0,512})?(?<!\/)>\s{0,256}/y, end);
    if (start === undefined) return undefined;
    const data = this.after(/<!\[CDATA\[/y, start);
    return data === undefined ? this.take(start, this.next("<", start)) : this.take(data, this.next("]]>", data));
  }

  private value(given: number, name: number): number {
    const position = this.after(TYPE, given) ?? given;
    const object = this.after(OBJECT_START, position);
    if (object !== undefined) return this.object(object);
    if (this.text[position] === "[") return this.list(position + 1);
    const quoted = this.after(QUOTE_FOLLOWS, position);
    if (quoted !== undefined) return this.quoted(quoted, name);
    BLOCK.lastIndex = position;
    const block = BLOCK.exec(this.text);
    if (block !== null) return block.groups?.written === undefined ? this.block(BLOCK.lastIndex, name) : this.writtenBlock(BLOCK.lastIndex);
    if (this.after(HARMLESS, position) !== undefined) return position;
    if (this.after(/#[ \t]/y, position) !== undefined) return this.nextLine(position, name);
    const plain = this.after(PLAIN, position);
    return plain === undefined ? this.nextLine(position, name) : this.take(position, this.wordEnd(plain));
  }

  /** The end of a word. A shell's word may continue with `"…"`; any other quote is the end of the text that contains the field. */
  private wordEnd(position: number): number {
    let end = position;
    while (this.after(/["']\w/y, end) !== undefined) {
      const close = this.closeOf(this.text[end], end + 1);
      if (close === undefined) break;
      end = this.after(PLAIN, close + 1) ?? close + 1;
    }
    return end;
  }

  /** Redacts a header's value: up to the end of the line or of the quotes around it. */
  private header(position: number, name: number): number {
    if (this.text[position] === "[" || this.after(QUOTE_FOLLOWS, position) !== undefined) return this.value(position, name);
    return this.take(position, this.after(/[^\r\n"'\\]+/y, position) ?? position);
  }

  private quoted(start: number, name: number): number {
    TRIPLE_QUOTE.lastIndex = start;
    const { triple = "" } = TRIPLE_QUOTE.exec(this.text)?.groups ?? {};
    if (triple !== "") {
      const inside = TRIPLE_QUOTE.lastIndex;
      const end = this.next(triple, inside);
      if (end < this.text.length) return this.take(inside, end) + triple.length;
    }
    OPENING_QUOTE.lastIndex = start;
    const quote = OPENING_QUOTE.exec(this.text)?.groups?.quote ?? "";
    const opened = OPENING_QUOTE.lastIndex;
    const close = this.closeOf(quote, opened);
    if (close === undefined) return this.take(opened, this.deeperLines(this.lineEnd(opened), name));
    const closed = this.take(opened, close) + quote.length;
    return this.take(closed, this.after(REST_OF_WORD, closed) ?? closed);
  }

  /** Redacts an array: each quoted string separately, also on several lines; an array without quotes as a whole. */
  private list(position: number): number {
    const next = (at: number) => this.after(/[\s,]{0,256}(?=\\{0,16}["'])/y, at);
    if (next(position) === undefined) return this.take(position, Math.min(this.next("]", position), this.lineEnd(position)));
    let at = position;
    for (let start = next(at); start !== undefined; start = next(at)) at = this.quoted(start, start);
    return at;
  }

  /**
   * Redacts every text in an object, nested objects and arrays included, except fields that only refer to a secret. A truncated object ends at a line end
   * without a comma.
   */
  private object(position: number): number {
    let key = "";
    for (let at = position, depth = 1, isAfterText = false; ;) {
      const next = this.after(/(?:[\s,;]|\\{1,16}[nrt]){0,1024}/y, at) ?? at;
      const gap = this.text.slice(at, next);
      const bracket = /[{}[\]]/.exec(this.text[next] ?? "")?.[0];
      if (isAfterText && gap.includes("\n") && !gap.includes(",") && bracket === undefined) return at;
      at = next;
      isAfterText = bracket === undefined;
      if (bracket !== undefined) {
        at++;
        depth += bracket === "{" || bracket === "[" ? 1 : -1;
        if (depth === 0) return at;
        continue;
      }
      KEY.lastIndex = at;
      const field = KEY.exec(this.text);
      if (field !== null) {
        key = field.groups?.key ?? "";
        at = KEY.lastIndex;
        if (/[{[]/.test(this.text[at] ?? "")) continue;
      }
      const end = this.member(at, REFERENCE.test(key));
      if (end === at && field === null) return at;
      at = end;
    }
  }

  /** Redacts one value in an object, unless `isKept`. Returns the position after the value. */
  private member(start: number, isKept: boolean): number {
    OPENING_QUOTE.lastIndex = start;
    const quote = OPENING_QUOTE.exec(this.text)?.groups?.quote;
    const opened = quote === undefined ? start : OPENING_QUOTE.lastIndex;
    const close = quote === undefined ? undefined : (this.closeOf(quote, opened) ?? this.lineEnd(opened));
    const end = close ?? this.after(/[^\s,{}[\]"'\\]{1,4096}/y, start) ?? start;
    if (!isKept && (quote !== undefined || this.after(HARMLESS, start) === undefined)) this.take(opened, end);
    return this.text.startsWith(quote ?? "", end) ? end + (quote ?? "").length : end;
  }

  /** Redacts the lines of a YAML block: those that are indented more than their field. */
  private block(start: number, name: number): number {
    const end = this.deeperLines(start - 1, name);
    return this.take(start, end, " ".repeat(this.columnOf(name) + 2));
  }

  /** Redacts the lines of a YAML block in a string whose line ends are written as `\n`. */
  private writtenBlock(start: number): number {
    let end = start;
    for (let line = this.after(/[ \t][^\n"'\\]*/y, end); line !== undefined; line = this.after(/[ \t][^\n"'\\]*/y, end))
      end = this.after(/\\{1,16}n(?=[ \t])/y, line) ?? line;
    return this.take(start, end, " ");
  }

  /** Redacts a YAML value that begins on the next line; nested fields are kept. */
  private nextLine(position: number, name: number): number {
    const start = this.after(/[ \t]{0,64}(?:#[^\r\n]{0,1024})?\r?\n/y, position);
    if (start === undefined) return position;
    const nested = this.after(VALUE_KEY, start);
    if (nested !== undefined) return this.value(nested, name);
    const isFirst = this.columnOf(name) === name - this.lineStart(name);
    for (let entry = isFirst ? this.after(ENTRY, start) : undefined, end = start; entry !== undefined; entry = this.after(ENTRY, end)) {
      end = Math.min(this.take(entry, this.lineEnd(entry)) + 1, this.text.length);
      if (this.after(ENTRY, end) === undefined) return end - 1;
    }
    const end = this.deeperLines(start - 1, name);
    const content = this.after(/\s{0,512}/y, start) ?? start;
    const beginning = this.text.slice(content, Math.min(end, content + 512));
    return end <= content || /^[-{[#]|^[^\n]*:(?:\s|$)/.test(beginning) ? position : this.take(content, end);
  }

  /**
   * The end of the last line that belongs to a field: from `lineEnd` on, lines belong to it as long as they are empty or indented more than the
   * field.
   */
  private deeperLines(lineEnd: number, name: number): number {
    const column = this.columnOf(name);
    for (let end = lineEnd; ;) {
      if (end >= this.text.length) return this.text.length;
      const indented = this.after(/[ \t]*/y, end + 1) ?? end + 1;
      const next = this.lineEnd(end + 1);
      if (next !== indented && indented - (end + 1) <= column) return end;
      end = next;
    }
  }

  /** The column of a field that is first on its line, after the dashes of array entries; otherwise the line's indentation. */
  private columnOf(name: number): number {
    const before = this.text.slice(Math.max(0, name - LOOK_BACK), name);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    return (/^[ \t]*(?:- *){0,8}(?=["']?$)/.exec(line) ?? /^[ \t]*/.exec(line))?.[0].length ?? 0;
  }

  /** The beginning of a position's line, searched within `LOOK_BACK` characters. */
  private lineStart(position: number): number {
    const before = this.text.slice(Math.max(0, position - LOOK_BACK), position);
    return position - before.length + before.lastIndexOf("\n") + 1;
  }

  /** The beginning of the name that ends at this position. */
  private beginningOf(position: number): number {
    let begin = position;
    while (begin > 0 && position - begin < LOOK_BACK && /[\w.-]/.test(this.text[begin - 1])) begin--;
    return begin;
  }

  /** Index of the closing quote on this line; undefined if there is none. */
  private closeOf(quote: string, from: number): number | undefined {
    const end = this.lineEnd(from);
    for (let at = from; ;) {
      const close = this.next(quote, at);
      if (close >= end) return undefined;
      const isEscaped = close > from && this.text[close - 1] === "\\";
      const isDoubled = quote === "'" && this.text[close + 1] === "'";
      if (!isEscaped && !isDoubled) return close;
      at = close + quote.length + (isDoubled ? 1 : 0);
    }
  }

  private lineEnd(position: number): number {
    return this.next("\n", position);
  }

  /** Index of the next occurrence of a text; the text's length if there is none. */
  private next(part: string, from: number): number {
    const known = this.known.get(part);
    if (known !== undefined && known.from <= from && from <= known.index) return known.index;
    const found = this.text.indexOf(part, from);
    const index = found === -1 ? this.text.length : found;
    this.known.set(part, { from, index });
    return index;
  }

  /** The end of a sticky pattern's match at this position; undefined if it does not match. */
  private after(pattern: RegExp, position: number): number | undefined {
    pattern.lastIndex = position;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  /** Redacts a part; returns its end. */
  private take(start: number, end: number, before = ""): number {
    if (end <= start) return start;
    this.parts.push(this.text.slice(this.copied, start), before, REDACTED);
    this.copied = end;
    return end;
  }
}
