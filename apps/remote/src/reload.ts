import type { RemoteEvents } from '@tessera/client'
import { type StorableText, TesseraError } from '@tessera/protocol'
import { type HalfSource, type LoadedHalf, loadVersion } from './active-half.ts'

export type ReloadNotice = RemoteEvents['reload']

/**
 * Replaces a running client half by another version's, as an operator wished: session and storage stay.
 *
 * The new half is downloaded, verified and loaded beside the old one. The old half's `beforeReload` hook runs at once, and
 * the replacement follows as soon as it is through, at the deadline at the latest; a half without a hook works on until the
 * deadline. Then the old half stops without `onExit`, since a reload is not a quit, the session moves, and the new half
 * begins with what was handed over (null where nothing was).
 * @throws TesseraError where the new half cannot be had or the server does not move the session: `old` works on then.
 */
export const replaceHalf = async (source: HalfSource, old: LoadedHalf, notice: ReloadNotice): Promise<LoadedHalf> => {
  const deadline = at(notice.graceMs)
  old.process.prepareReload()
  const next = await loadVersion(source, notice.version)
  try {
    const handedOver = await Promise.race([old.process.reloadable.promise, deadline, diesBefore(old)])
    old.calls.hold()
    await source.remote.move(notice.version.id)
    await old.process.stop()
    await old.calls.closeProcesses()
    next.process.begin({ reloaded: true, handedOver })
    return next
  } catch (error) {
    await next.process.stop()
    old.calls.release()
    throw error
  }
}

const at = (ms: number): Promise<StorableText> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.min(ms, 2_147_483_647), 'null').unref()
  })

const diesBefore = async (half: LoadedHalf): Promise<never> => {
  await Promise.race([half.process.crashed.promise, half.process.quit.promise])
  throw new TesseraError('CALL_CANCELLED', 'The client ended before it could be reloaded.')
}
