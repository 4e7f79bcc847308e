/** Something that a resource exposes, for example a port. Two exposed things are equal if their texts are equal. */
export interface Exposed {
  readonly text: string;
  /** Whether it is exposed to everybody, or exposes everything. */
  readonly wide: boolean;
  /** Whether this blocks access: the access opens when this is removed. */
  readonly denied?: boolean;
}
