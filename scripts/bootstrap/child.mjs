import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { quietEnvironment, repositoryRoot } from './repository.mjs'

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's own
 * @property {(line: string) => void} [onLine] called with each line that the child prints; without it the child prints by itself
 */

/** The signal that asked this process to end: after it no other child is started. */
let endingSignal = null

/**
 * Runs a program to its end and gives its exit code, 128 + n where signal n ended it, 127 where it could not be started.
 * A signal that reaches this process is passed on, and this process waits for the child.
 * @param {string} command
 * @param {string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<number>}
 */
export const runChild = (command, args, options = {}) =>
  new Promise((resolve) => {
    if (endingSignal) return resolve(codeOf(endingSignal))
    const needsShell = process.platform === 'win32' && command !== process.execPath
    const child = spawn(command, needsShell ? args.map(quoteForWindows) : args, {
      cwd: options.cwd ?? repositoryRoot,
      env: { ...process.env, ...quietEnvironment, ...options.env },
      stdio: options.onLine ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: needsShell,
    })
    if (options.onLine) for (const stream of [child.stdout, child.stderr]) readLines(stream, options.onLine)
    const stopForwarding = forwardSignals(child)
    const end = (code) => {
      stopForwarding()
      resolve(code)
    }
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      end(127)
    })
    child.on('close', (code, signal) => end(code ?? codeOf(signal)))
  })

/** Runs a Node program with the Node that runs this one. */
export const runNode = (args, options) => runChild(process.execPath, args, options)

const codeOf = (signal) => 128 + (constants.signals[signal] ?? 0)

const forwardSignals = (child) => {
  const forward = (signal) => {
    endingSignal = signal
    // On a terminal Ctrl+C has already reached the whole group: a second one would make a server skip its clean end.
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const endChild = () => child.kill()
  const stopWatching = watchParent(() => forward('SIGTERM'))
  for (const signal of signals) process.on(signal, forward)
  process.on('exit', endChild)
  return () => {
    for (const signal of signals) process.off(signal, forward)
    process.off('exit', endChild)
    stopWatching()
  }
}

/** npm passes a signal to the shell between it and us, and that shell dies without telling: its death is our signal. */
const watchParent = (onDeath) => {
  const parent = process.ppid
  const look = () => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onDeath()
  }
  const timer = setInterval(look, 500)
  if (!process.env.npm_lifecycle_event) clearInterval(timer)
  return () => clearInterval(timer)
}

const readLines = (stream, onLine) => {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => rest && onLine(rest))
}

const quoteForWindows = (argument) => (/[\s"&|<>^]/.test(argument) ? `"${argument.replaceAll('"', '\\"')}"` : argument)
