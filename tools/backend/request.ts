export interface BackendRequest {
  readonly region: string;
  /** ID of the credentials' account. */
  readonly accountId: string;
  /** Name of the bucket; the key's alias and the policies are named after it. */
  readonly bucket: string;
  /** Stacks whose policies are created; the policies of other stacks are not changed. */
  readonly stacks: readonly string[];
  /** Whether to adopt a bucket that is not empty and was not created by this program. Its policy, encryption and lifecycle rules are replaced. */
  readonly adopt: boolean;
}
