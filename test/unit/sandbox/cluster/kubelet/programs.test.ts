import { nodeProblem } from "../../../../../sandbox/cluster/kubelet/programs";

const status = (mask: string): string => `Name:\tnode\nCapInh:\t0000000000000000\nCapEff:\t${mask}\nCapBnd:\t000001ffffffffff\n`;

test.each<[string, number | undefined, string | undefined, string | undefined]>([
  ["root with all capabilities", 0, status("000001ffffffffff"), undefined],
  ["root without the right to change resource limits", 0, status("000001fffeffffff"), undefined],
  ["root in a container without rights", 0, status("00000000a80425fb"), "needs the capabilities NET_ADMIN and SYS_ADMIN"],
  ["another user", 1000, status("0000000000000000"), "needs root, but this process has the user ID 1000"],
  ["a system other than Linux", 501, undefined, "needs Linux"],
])("a process can run a real kubelet, or the problem is named: %s", (_, user, text, problem) => {
  const found = nodeProblem(user, text);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(`a real kubelet ${problem}`);
});
