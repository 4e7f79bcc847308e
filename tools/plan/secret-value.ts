/** A value that contains secrets. It can be compared; shown are only the parts that its masked copy shows. */
export class SecretValue {
  readonly #value: unknown;

  /** @param blinded masked copy: the value with `[secret]` in place of each secret; without it nothing of the value is shown. */
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

/** Text that the Pulumi engine prints in place of a secret. */
export const BLINDED = "[secret]";

/** Whether a value that the Pulumi engine printed contains a masked secret. */
export function isBlinded(value: unknown): boolean {
  return !(value instanceof SecretValue) && value !== undefined && JSON.stringify(value).includes(BLINDED);
}
