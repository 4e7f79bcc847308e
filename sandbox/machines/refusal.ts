/** Why something doesn't work, in words that name the one thing in AWS that keeps it from working. */
export interface Refusal {
  readonly refused: string;
}

export const refused = (reason: string): Refusal => ({ refused: reason });

export const isRefusal = (answer: object): answer is Refusal => "refused" in answer;
