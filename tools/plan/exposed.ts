/** Something that a resource exposes, for example a port. Two exposed things are equal if their texts are equal. */
export interface Exposed {
  readonly text: string;
  /** Whether the access is for everybody, or to everything. */
  readonly wide: boolean;
  /** Whether the resource blocks this access. The removal of the resource then opens the access. */
  readonly denied?: boolean;
}
