/** Rows picked one by one, or everything that a query matches, whoever that is when the act runs. */
export interface Selection<Row, Query> {
  rows: ReadonlyMap<string, Row>
  matching: Query | null
}

export type SelectionChange<Row, Query> =
  | { type: 'toggle'; rows: readonly (readonly [id: string, row: Row])[]; on: boolean }
  | { type: 'widen'; query: Query }
  | { type: 'drop'; ids: readonly string[] }
  | { type: 'clear' }

export const emptySelection = <Row, Query>(): Selection<Row, Query> => ({ rows: new Map(), matching: null })

export const changeSelection = <Row, Query>(selection: Selection<Row, Query>, change: SelectionChange<Row, Query>): Selection<Row, Query> => {
  switch (change.type) {
    case 'toggle':
      return { rows: toggled(selection.rows, change), matching: null }
    case 'widen':
      return { ...selection, matching: change.query }
    case 'drop':
      return { rows: without(selection.rows, change.ids), matching: null }
    case 'clear':
      return emptySelection()
  }
}

const toggled = <Row>(rows: ReadonlyMap<string, Row>, change: { rows: readonly (readonly [string, Row])[]; on: boolean }): Map<string, Row> =>
  change.on
    ? new Map([...rows, ...change.rows])
    : without(
        rows,
        change.rows.map(([id]) => id),
      )

const without = <Row>(rows: ReadonlyMap<string, Row>, ids: readonly string[]): Map<string, Row> => {
  const left = new Map(rows)
  for (const id of ids) left.delete(id)
  return left
}
