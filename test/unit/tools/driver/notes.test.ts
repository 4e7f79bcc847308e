import { noteIn } from "../../../../tools/driver/notes";

const stack = "urn:pulumi:dev::okd-aws::pulumi:pulumi:Stack::okd-aws-dev";
const wait = "urn:pulumi:dev::okd-aws::okd:network:UserRecords$command:local:Command::user-records-resolve";
const command = "urn:pulumi:dev::okd-aws::command:local:Command::bootstrap-complete";
const note = (severity: "info" | "info#err" | "warning" | "error", urn: string, more: object = {}) =>
  noteIn({
    sequence: 1,
    timestamp: 1,
    diagnosticEvent: { severity, urn, message: "<{%fg 1%}>text<{%reset%}>\n", color: "never", ...more },
  });

test("make up shows warnings, the program's messages and the waits for the user, and no output of commands, no errors and no ephemeral messages", () => {
  expect(note("warning", stack)).toBe("warning: text");
  expect(note("warning", command)).toBe("warning: text");
  expect([note("info", stack), note("info", wait)]).toEqual(["text", "text"]);
  expect([
    note("info", command),
    note("error", stack),
    note("info", stack, { ephemeral: true }),
    note("info", stack, { message: " " }),
  ]).toEqual(Array(4).fill(undefined));
  expect(noteIn({ sequence: 1, timestamp: 1 })).toBeUndefined();
});
