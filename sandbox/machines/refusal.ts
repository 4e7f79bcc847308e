/** Why an operation fails. The text names the setting or resource in AWS that prevents it. */
export interface Refusal {
  readonly refused: string;
}

export const refused = (reason: string): Refusal => ({ refused: reason });

export const isRefusal = (answer: object): answer is Refusal => "refused" in answer;
