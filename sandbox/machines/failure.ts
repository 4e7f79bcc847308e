/** The reason why an operation fails. The text names the setting or resource in AWS that prevents it. */
export interface Failure {
  readonly reason: string;
}

export const failure = (reason: string): Failure => ({ reason });

export const isFailure = (result: object): result is Failure => "reason" in result;
