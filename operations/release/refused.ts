/** An update that is not requested, with every reason. */
export class UpdateRefused extends Error {
  override readonly name = "UpdateRefused";

  /**
   * @param from the version that the cluster runs
   * @param problems each with what to do about it
   * @param override said once after the problems: how to update all the same, where that is possible
   */
  constructor(
    from: string,
    to: string,
    readonly problems: readonly string[],
    override = "",
  ) {
    const list = problems.length === 1 ? problems : problems.map((problem, index) => `${index + 1}. ${problem}`);
    const head = `The cluster was not told to update from ${from} to ${to}, and nothing was changed in it.`;
    super([head, ...list, ...(override === "" ? [] : [override])].join("\n\n"));
  }
}
