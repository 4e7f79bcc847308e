import { RefusedByApi } from "../../../../lib/kubernetes/client";
import type { ClusterClient } from "../../../../lib/kubernetes/client";

/** An object of the fake API. */
export interface FakeObject {
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  status?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** An API with Velero's objects by kind and name. `onCreate` acts as Velero when an object is created. */
export class FakeVelero {
  readonly objects = new Map<string, FakeObject>();
  readonly created: FakeObject[] = [];

  constructor(
    objects: Readonly<Record<string, FakeObject>>,
    private readonly onCreate: (plural: string, object: FakeObject) => void = () => undefined,
  ) {
    for (const [path, object] of Object.entries(objects)) this.objects.set(path, object);
  }

  readonly client: Pick<ClusterClient, "get" | "list" | "send" | "delete" | "patch"> = {
    get: <T>(path: string) => Promise.resolve(this.objects.get(keyOf(path)) as T | undefined),
    list: <T>(path: string) => {
      const [plural, query = ""] = keyOf(path).split("?") as [string, string?];
      const label = /^labelSelector=(.+)$/.exec(query)?.[1].split("=");
      const all = [...this.objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, object]) => object);
      const fits = ({ metadata }: FakeObject) =>
        label === undefined || (metadata.labels as Record<string, string> | undefined)?.[label[0]] === label[1];
      return Promise.resolve(all.filter(fits) as T[]);
    },
    send: <T>(method: string, path: string, body?: unknown) => {
      if (method !== "POST") return Promise.reject(new RefusedByApi(405, "not imitated"));
      const object = body as FakeObject;
      this.objects.set(`${keyOf(path)}/${object.metadata.name}`, object);
      this.created.push(object);
      this.onCreate(keyOf(path), object);
      return Promise.resolve(object as T);
    },
    delete: (path: string) => {
      this.objects.delete(keyOf(path));
      return Promise.resolve();
    },
    patch: (path: string, fields: object) => {
      const object = this.objects.get(keyOf(path));
      if (object === undefined) return Promise.resolve();
      const { metadata } = fields as { metadata: object };
      this.objects.set(keyOf(path), { ...object, metadata: { ...object.metadata, ...metadata } });
      return Promise.resolve();
    },
  };
}

/** `backups/daily-1` of an API path; other paths stay as they are. */
function keyOf(path: string): string {
  return decodeURIComponent(path.replace("/apis/velero.io/v1/namespaces/velero/", ""));
}
