/** Something that a resource exposes: a text that differs when it is another thing. */
export interface Exposed {
  readonly text: string;
  /** To everybody, or everything. */
  readonly wide: boolean;
  /** It is shut as long as this is there, and opened when it goes. */
  readonly denied?: boolean;
}
