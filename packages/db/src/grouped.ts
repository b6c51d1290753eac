/**
 * Rows by what they belong to, in their order. For reading a whole table: Prisma's own `include` names every parent in
 * one statement, and fails past 999 of them.
 */
export const grouped = <Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): { of: (key: Key) => readonly Row[] } => {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return { of: (key) => groups.get(key) ?? [] }
}
