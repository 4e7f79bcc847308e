import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredFaults, declareFaults, formatFault, parseFault, recordedCalls, reproduction } from "../../../../sandbox/aws/faults";

describe("the declared faults of the emulated AWS", () => {
  test.each([
    ["throttling ec2:CreateVpc", { kind: "throttling", action: "ec2:CreateVpc" }],
    ["scp *", { kind: "scp", action: "*" }],
    ["hang=70 s3:PutObject@program 2", { kind: "hang", action: "s3:PutObject", client: "program", calls: 2, seconds: 70 }],
    ["quota ec2:Create* always", { kind: "quota", action: "ec2:Create*", calls: "always" }],
  ])("are the same after they are written and read: %s", (line, fault) => {
    expect(parseFault(line)).toEqual(fault);
    expect(formatFault(parseFault(`  ${line} `))).toBe(line);
  });

  test.each([
    "",
    "scp",
    "nonsense ec2:CreateVpc",
    "scp ec2:CreateVpc@nobody",
    "scp ec2:CreateVpc often",
    "hang=long *",
    "scp ec2:Create Vpc; rm",
  ])("are refused with a reason: %j", (line) => {
    expect(() => parseFault(line)).toThrow(/is not a fault: write <kind>.*kinds: throttling, .*expired; clients: provider/);
  });

  test("are kept in a file until they are removed", () => {
    const directory = mkdtempSync(join(tmpdir(), "faults-"));
    const faults = [parseFault("scp ec2:CreateVpc"), parseFault("throttling * 2")];
    expect(declaredFaults(directory)).toEqual([]);
    declareFaults(directory, faults);
    expect(declaredFaults(directory)).toEqual(faults);
    declareFaults(directory, []);
    expect(declaredFaults(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  test("are printed as a command that sets the same faults again", () => {
    expect(reproduction([parseFault("scp ec2:CreateVpc"), parseFault("throttling *")])).toBe(
      "make sandbox-faults FAULTS='scp ec2:CreateVpc; throttling *'",
    );
  });
});

test("the record of calls to the emulated AWS is parsed line by line", () => {
  const call = { time: "t", service: "ec2", action: "ec2:CreateVpc", region: "us-east-1", status: 400, client: "provider", fault: "scp" };
  expect(recordedCalls(`${JSON.stringify(call)}\n`)).toEqual([call]);
});
