/** The error for an update that the program does not request, with all reasons. */
export class UpdateRefused extends Error {
  override readonly name = "UpdateRefused";

  /**
   * @param from the version that the cluster runs
   * @param problems the problems, each with its fix
   * @param override how to update in spite of the problems, if that is possible; shown once after the problems
   */
  constructor(
    from: string,
    to: string,
    readonly problems: readonly string[],
    override = "",
  ) {
    const list = problems.length === 1 ? problems : problems.map((problem, index) => `${index + 1}. ${problem}`);
    const head = `The update from ${from} to ${to} was not requested, and nothing was changed in the cluster.`;
    super([head, ...list, ...(override === "" ? [] : [override])].join("\n\n"));
  }
}
