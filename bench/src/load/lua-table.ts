/** What can be said to the load tool's script. */
type LuaValue = string | number | { readonly [name: string]: LuaValue };

/** Any bytes as a Lua string: what is no letter, digit or space is written as its decimal code. */
function luaString(value: string): string {
  const written = (byte: number) => {
    const character = String.fromCharCode(byte);
    return /[\w ]/.test(character) ? character : `\\${String(byte).padStart(3, "0")}`;
  };
  return `"${[...Buffer.from(value)].map(written).join("")}"`;
}

/** A value as Lua source (Lua 5.1 reference manual, section 2.1 and 2.5.7). */
export function luaTable(value: LuaValue): string {
  if (typeof value === "string") return luaString(value);
  if (typeof value === "number") return String(value);
  const members = Object.entries(value).map(([name, member]) => `[${luaString(name)}]=${luaTable(member)}`);
  return `{${members.join(",")}}`;
}
