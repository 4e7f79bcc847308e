import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Everything that exists in an account, by region, service and kind. Lists and keys are sorted. */
export type Inventory = Record<string, Record<string, unknown[]>>;

export interface InventorySource {
  /** The Python interpreter that has boto3. */
  python: string;
  /** Variables that direct AWS calls to the account: the emulated AWS's environment, or a real account's credentials. */
  environment: Record<string, string>;
}

/** Lists everything that exists, through AWS's own API. As JSON, two inventories of the same state are equal byte for byte. */
export async function inventory(source: InventorySource, regions: string[]): Promise<Inventory> {
  const { stdout } = await run(source.python, [join(__dirname, "inventory.py"), ...regions], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...source.environment, PYTHONDONTWRITEBYTECODE: "1" },
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Inventory;
}
