// Names of functions as people read them.

/**
 * "example.com/m/json.(*T).Parse" as pprof shortens it, "json.(*T).Parse"; the version at the end
 * of a module's path is no name: "example.com/xxhash/v2.Sum" is "xxhash.Sum".
 */
export function shortFunction(name: string): string {
  const typeArguments = name.indexOf("[");
  const path = typeArguments === -1 ? name : name.slice(0, typeArguments);
  const slash = path.lastIndexOf("/");
  const short = name.slice(slash + 1);
  const version = /^v\d+(?=\.)/.exec(short);
  if (version === null || slash === -1) return short;
  return path.slice(0, slash).replace(/^.*\//, "") + short.slice(version[0].length);
}
