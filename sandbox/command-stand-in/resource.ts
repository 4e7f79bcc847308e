import type { Checked } from "./inputs";
import type { CommandContext } from "./command-context";
import type { Properties } from "./value";

/** A resource of the plugin. Values have the protocol's form, including its marks. */
export interface CommandResource {
  /** Further checks, after the checks of the input table. */
  check?(checked: Checked): Checked;
  /** The id of a new resource called `name`. In a preview the id may be empty, which means that it is unknown. */
  newId(name: string, preview: boolean): string;
  /** The outputs that a preview of a creation or an update shows. Nothing is executed. */
  preview(inputs: Properties, state?: Properties): Properties;
  create(inputs: Properties, context: CommandContext): Promise<Properties>;
  update(state: Properties, inputs: Properties, context: CommandContext): Promise<Properties>;
  delete?(state: Properties, context: CommandContext): Promise<void>;
}
