const bytes = 200

/**
 * What is sent there and back: a small business record of 200 bytes, with its own number.
 * @param {number} number
 */
export const makePayload = (number) => ({
  record: first + (number % 900_000),
  user: 'maria.lopez',
  lines: [{ quantity: 12, price: 19.95, currency: 'EUR' }],
  dry: false,
  note,
})

const first = 100_000
const note = 'x'.repeat(
  bytes - JSON.stringify({ record: first, user: 'maria.lopez', lines: [{ quantity: 12, price: 19.95, currency: 'EUR' }], dry: false, note: '' }).length,
)

/**
 * Every echo is looked at, but cheaply, since the load shares the machine with the server.
 * @param {ReturnType<typeof makePayload>} sent
 * @param {any} received
 */
export const checkEcho = (sent, received) => {
  const same = received?.record === sent.record && received.note === sent.note && received.lines?.[0]?.price === 19.95
  if (!same) throw new Error(`Record ${sent.record} came back as ${JSON.stringify(received)?.slice(0, 300)}`)
}
