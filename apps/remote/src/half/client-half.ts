import { decodeStorable, encodeStorable, type StorableText } from '@tessera/protocol'
import { type Half, openClientHalf } from '@tessera/runtime'
import type { HalfFacts, ToHalf } from '../half-messages.ts'
import { kitHostOnClient } from './kit-host-on-client.ts'
import { Launcher } from './launcher.ts'
import { projectFailure } from './project-failure.ts'
import { RemoteSurface } from './remote-surface.ts'
import { runOrder } from './run-order.ts'

/**
 * Runs one client half of a package, in this process, from loading to `onExit`.
 *
 * A reload is not a quit: the half that goes runs `beforeReload` and ends without `onExit`; the half that comes runs
 * `afterReload` with what was handed over, in place of `onStartup`. A half that registers no `afterReload` while it loads
 * starts afresh, with `onStartup` and the same `remote.userParam`.
 */
export class ClientHalf {
  readonly #launcher = new Launcher()
  #half: Half | null = null
  #remote: RemoteSurface | null = null

  run(): void {
    // A terminal sends its interrupt to both processes: the launcher decides what becomes of it.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => undefined)
    this.#launcher.listen((message) => void this.#heard(message))
  }

  async #heard(message: Exclude<ToHalf, { kind: 'answer' }>): Promise<void> {
    switch (message.kind) {
      case 'load':
        return this.#orFail(() => this.#load(message.directory, message.facts))
      case 'begin':
        return this.#orFail(() => this.#begin(message.reloaded, message.handedOver))
      case 'prepareReload':
        return this.#prepareReload()
      case 'exit':
        return this.#exit()
      case 'stop':
        return process.exit(0)
      case 'progress':
        this.#remote?.procedures.heard(message.id, message.progress)
        break
      case 'event':
        this.#remote?.emit(message)
        return
      case 'order':
        return this.#order(message)
    }
  }

  async #orFail(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      this.#launcher.say({ kind: 'failed', error: projectFailure(this.#half, error) })
    }
  }

  async #load(directory: string, facts: HalfFacts): Promise<void> {
    this.#remote = new RemoteSurface(this.#launcher, facts)
    this.#half = await openClientHalf(directory, kitHostOnClient(this.#remote))
    this.#launcher.say({ kind: 'loaded' })
  }

  async #begin(reloaded: boolean, handedOver: StorableText): Promise<void> {
    if (this.#remote) this.#remote.begun = true
    const afterReload = reloaded ? this.#remote?.afterReloadHook : null
    if (afterReload) await afterReload(decodeStorable(handedOver))
    else await this.#half?.database.get('onStartup')?.fn()
    this.#launcher.say({ kind: 'begun' })
  }

  async #prepareReload(): Promise<void> {
    const hook = this.#remote?.beforeReloadHook
    if (!hook) return
    try {
      this.#launcher.say({ kind: 'reloadable', handedOver: encodeStorable(await hook()) })
    } catch (error) {
      // A version with a broken hook must still be replaceable by one without.
      process.stderr.write(`beforeReload failed, nothing is handed over: ${projectFailure(this.#half, error).stack ?? String(error)}\n`)
      this.#launcher.say({ kind: 'reloadable', handedOver: 'null' })
    }
  }

  async #order({ id, method, args }: Extract<ToHalf, { kind: 'order' }>): Promise<void> {
    if (this.#half !== null) this.#launcher.say({ kind: 'ordered', id, reply: await runOrder(this.#half, method, args) })
  }

  async #exit(): Promise<void> {
    try {
      await this.#half?.database.get('onExit')?.fn()
      this.#launcher.leave({ kind: 'exited' })
    } catch (error) {
      this.#launcher.leave({ kind: 'failed', error: projectFailure(this.#half, error) })
    }
  }
}
