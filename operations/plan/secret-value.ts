/** A value that holds secrets: it is compared, and shown only where a blinded copy shows it, too. */
export class SecretValue {
  readonly #value: unknown;

  /** @param blinded the value with `[secret]` in the place of each secret; without it nothing of the value is shown. */
  constructor(
    value: unknown,
    readonly blinded: unknown = BLINDED,
  ) {
    this.#value = value;
  }

  reveal(): unknown {
    return this.#value;
  }

  toJSON(): string {
    return BLINDED;
  }
}

/** What the engine prints in the place of a secret. */
export const BLINDED = "[secret]";

/** Whether an engine's text or value has a secret in it that it does not show. */
export function isBlinded(value: unknown): boolean {
  return !(value instanceof SecretValue) && value !== undefined && JSON.stringify(value).includes(BLINDED);
}
