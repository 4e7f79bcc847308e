/** Something that a resource exposes. Two exposed things are equal if their texts are. */
export interface Exposed {
  readonly text: string;
  /** Whether it is exposed to everybody, or exposes everything. */
  readonly wide: boolean;
  /** Whether this blocks access: the access opens when this is removed. */
  readonly denied?: boolean;
}
