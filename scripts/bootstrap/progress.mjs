const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const sayAliveEveryMs = 30_000

/** @param {number} startedAt as `performance.now()` gave it */
export const secondsSince = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`

/**
 * Shows that one long step is alive: on a terminal a turning line with the latest thing heard, in a pipe one plain line
 * at the start, one at the end and one every 30 seconds between.
 * @param {string} name
 * @param {NodeJS.WriteStream} [stream]
 */
export const startProgress = (name, stream = process.stderr) => {
  const startedAt = performance.now()
  const lively = stream.isTTY && !process.env.CI
  const line = lively ? livelyLine(name, startedAt, stream) : plainLine(name, startedAt, stream)
  return {
    /** @param {string} text what the step is at */
    note: (text) => line.note(text.trim()),
    /** @param {string} [outcome] */
    end: (outcome = 'done') => {
      line.clear()
      stream.write(`tessera: ${name}: ${outcome} in ${secondsSince(startedAt)}\n`)
    },
  }
}

const livelyLine = (name, startedAt, stream) => {
  let latest = ''
  let frame = 0
  const draw = () => {
    frame = (frame + 1) % frames.length
    const text = `${frames[frame]} ${name} ${Math.floor((performance.now() - startedAt) / 1000)} s  ${latest}`
    stream.write(`\r\x1b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`)
  }
  const timer = setInterval(draw, 120)
  draw()
  return {
    note: (text) => {
      if (text) latest = text
    },
    clear: () => {
      clearInterval(timer)
      stream.write('\r\x1b[2K')
    },
  }
}

const plainLine = (name, startedAt, stream) => {
  stream.write(`tessera: ${name} ...\n`)
  const timer = setInterval(() => stream.write(`tessera: ${name}: still at it after ${secondsSince(startedAt)}\n`), sayAliveEveryMs)
  return { note: () => {}, clear: () => clearInterval(timer) }
}
