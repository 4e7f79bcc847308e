/** A value that contains secrets. Values can be compared; only the parts that the masked copy shows are displayed. */
export class SecretValue {
  readonly #value: unknown;

  /** @param masked copy of the value in which `[secret]` replaces each secret. Without such a copy no part of the value is shown. */
  constructor(
    value: unknown,
    readonly masked: unknown = MASKED,
  ) {
    this.#value = value;
  }

  reveal(): unknown {
    return this.#value;
  }

  toJSON(): string {
    return MASKED;
  }
}

/** Text that the Pulumi engine prints in place of a secret. */
export const MASKED = "[secret]";

/** Whether a value that the Pulumi engine printed contains a masked secret. */
export function isMasked(value: unknown): boolean {
  return !(value instanceof SecretValue) && value !== undefined && JSON.stringify(value).includes(MASKED);
}
