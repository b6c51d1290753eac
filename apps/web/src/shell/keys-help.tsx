'use client'
import { useTranslations } from 'use-intl'
import { Dialog } from '../display/dialog.tsx'
import { usePreferences } from './preferences-provider.tsx'

const shortcuts = [
  { keys: ['/'], name: 'search' },
  { keys: ['j', 'k'], name: 'move' },
  { keys: ['x'], name: 'select' },
  { keys: ['Enter'], name: 'open' },
  { keys: ['Esc'], name: 'close' },
  { keys: ['d'], name: 'disconnect' },
  { keys: ['r'], name: 'reload' },
  { keys: ['p'], name: 'pause' },
  { keys: ['?'], name: 'help' },
] as const

export const KeysHelp = ({ onClose }: { onClose: () => void }) => {
  const t = useTranslations('keys')
  const { singleKeys, set } = usePreferences()
  return (
    <Dialog title={t('title')} size="sm" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <dl className={`grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 ${singleKeys ? '' : 'text-muted'}`}>
          {shortcuts.map(({ keys, name }) => (
            <div key={name} className="col-span-2 grid grid-cols-subgrid">
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <kbd key={key} className="min-w-6 rounded-sm border border-border bg-default px-1.5 text-center text-xs">
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{t(name)}</dd>
            </div>
          ))}
        </dl>
        <p className="text-xs text-muted">{t('arrows')}</p>
        <label className="flex cursor-pointer items-start gap-2 border-t border-border pt-4">
          <input type="checkbox" className="tick-box mt-0.5" checked={singleKeys} onChange={(event) => set({ singleKeys: event.target.checked })} />
          <span>
            {t('toggle')}
            <span className="block text-xs text-muted">{t('toggleHint')}</span>
          </span>
        </label>
      </div>
    </Dialog>
  )
}
