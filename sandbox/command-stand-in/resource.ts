import type { Checked } from "./inputs";
import type { Operation } from "./operation";
import type { Properties } from "./value";

/** A resource as the plugin serves it. Values come and go in the wire's form, marks included. */
export interface Resource {
  /** Further checks, after the table's. */
  check?(checked: Checked): Checked;
  /** The id of a new resource called `name`; a preview may leave it empty, which makes it unknown there. */
  newId(name: string, preview: boolean): string;
  /** Outputs of a creation or an update that a preview shows: nothing runs. */
  preview(inputs: Properties, state?: Properties): Properties;
  create(inputs: Properties, operation: Operation): Promise<Properties>;
  update(state: Properties, inputs: Properties, operation: Operation): Promise<Properties>;
  delete?(state: Properties, operation: Operation): Promise<void>;
}
