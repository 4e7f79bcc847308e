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
  /**
   * Returns the part of the text in which the pattern is searched for. Undefined: the whole text is searched, because only AWS uses the words of the
   * pattern.
   */
  readonly within?: (text: string) => string;
  readonly explain: (found: RegExpExecArray, text: string) => Explanation;
}
