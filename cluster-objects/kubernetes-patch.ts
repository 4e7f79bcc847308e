/** A merge patch of one object in the cluster (RFC 7386). */
export interface MergePatch {
  /** Path of the object in the API. */
  readonly path: string;
  /** Fields and their values; null removes a field. */
  readonly fields: object;
  /** Whether a missing object is an error; default: the patch is skipped. */
  readonly required?: boolean;
}

/** A change of an object, and the patch that undoes it. */
export interface KubernetesPatch {
  /** Applied when the setting is added or changed, for fields that a server-side apply cannot set. Default: no patch. */
  readonly applyPatch?: MergePatch;
  /** Restore patch: applied when the setting is removed from the configuration. */
  readonly restorePatch: MergePatch;
}
