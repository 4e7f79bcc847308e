/** The explanation of an error of AWS: the problem and its fix. */
export interface Explanation {
  readonly problem: string;
  readonly fix: string;
  /** The error concerns the credentials or the connection to AWS: every call fails with it, for any resource. */
  readonly access?: true;
}

/** A kind of error: the pattern that recognizes it, and its explanation. */
export interface ErrorKind {
  readonly pattern: RegExp;
  /** Returns the part of the text to search; undefined: all of it, for words that only AWS uses. */
  readonly within?: (text: string) => string;
  readonly explain: (found: RegExpExecArray, text: string) => Explanation;
}
