import type { ApiObject } from "../object";
import crds from "./crds.json";

/**
 * Velero's CRDs of the pinned version, without descriptions. `UPDATE_GOLDEN=velero npx jest -c jest.engine.config.js
 * test/engine/velero-definitions.test.ts` writes the file from Velero's Go module.
 */
export const VELERO_DEFINITIONS: readonly ApiObject[] = crds;
