import { expect, it } from "vitest";
import { luaTable } from "./lua-table.ts";

it("writes what could end a string, or is no ASCII, as codes", () => {
  expect(luaTable('a "b"\\\r\n]]')).toBe('"a \\034b\\034\\092\\013\\010\\093\\093"');
  expect(luaTable("é1")).toBe('"\\195\\1691"');
});

it("writes tables by their names", () => {
  expect(luaTable({ status: 200, headers: { "Remote-User": "x" } })).toBe(
    '{["status"]=200,["headers"]={["Remote\\045User"]="x"}}',
  );
});
