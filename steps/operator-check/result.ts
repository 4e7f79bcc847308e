/** The answer: a problem ends the update, a notice is shown. */
export interface OperatorCheckResult {
  readonly problem?: string;
  readonly notice?: string;
}
