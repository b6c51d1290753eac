'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import type { StorageSlotRow } from '@tessera/protocol'
import { History, Pencil, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../api/trpc.ts'
import { BusyButton } from '../../display/busy-button.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { Ago, Bytes } from '../../display/times.tsx'
import { SlotEditor } from './slot-editor.tsx'
import { StorageTree } from './storage-tree.tsx'
import { parseTree } from './tree-model.ts'

interface SlotItemProps {
  session: string
  row: StorageSlotRow
  /** Changed while somebody was looking. */
  fresh: boolean
  mayEdit: boolean
  onHistory: (slot: string) => void
}

export const SlotItem = ({ session, row, fresh, mayEdit, onHistory }: SlotItemProps) => {
  const t = useTranslations('storage')
  const [mode, setMode] = useState<'look' | 'edit' | 'remove'>('look')
  const node = useMemo(() => parseTree(row.text, row.slot), [row.text, row.slot])
  return (
    <li className="relative flex flex-col gap-1 px-2 py-2">
      {/* Keyed by the clock, so that each change lights it anew. */}
      {fresh ? <span key={row.clock} aria-hidden="true" className="flash pointer-events-none absolute inset-0 rounded-lg" /> : null}
      <div className="relative flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <StorageTree node={node} />
          <p className="ps-5 text-2xs text-muted">
            <Bytes count={row.bytes} /> · {t.rich('changed', { who: row.changedBy, when: () => <Ago at={row.changedAt} /> })}
          </p>
        </div>
        {mode === 'look' ? (
          <div className="flex shrink-0">
            <SlotButton label={t('historyOf', { slot: row.slot })} Icon={History} onPress={() => onHistory(row.slot)} />
            {mayEdit ? (
              <>
                <SlotButton label={t('editSlot', { slot: row.slot })} Icon={Pencil} onPress={() => setMode('edit')} />
                <SlotButton label={t('removeSlot', { slot: row.slot })} Icon={Trash2} onPress={() => setMode('remove')} />
              </>
            ) : null}
          </div>
        ) : null}
      </div>
      {mode === 'edit' ? <SlotEditor session={session} row={row} onDone={() => setMode('look')} /> : null}
      {mode === 'remove' ? <RemoveSlot session={session} slot={row.slot} onDone={() => setMode('look')} /> : null}
    </li>
  )
}

const SlotButton = ({ label, Icon, onPress }: { label: string; Icon: typeof Pencil; onPress: () => void }) => (
  <Button size="sm" variant="ghost" className="quiet-button" isIconOnly aria-label={label} onPress={onPress}>
    <Icon aria-hidden="true" />
  </Button>
)

const RemoveSlot = ({ session, slot, onDone }: { session: string; slot: string; onDone: () => void }) => {
  const t = useTranslations()
  const trpc = useTRPC()
  const remove = useMutation(trpc.storage.patch.mutationOptions({ onSuccess: onDone }))
  return (
    <div className="relative flex flex-col gap-2 rounded-md bg-bad-wash p-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="me-auto ps-3">{t('storage.removeConfirm')}</span>
        <Button size="sm" variant="outline" onPress={onDone}>
          {t('common.cancel')}
        </Button>
        <BusyButton size="sm" variant="danger" autoFocus busy={remove.isPending} onPress={() => remove.mutate({ session, slot, text: null })}>
          {t('storage.remove')}
        </BusyButton>
      </div>
      {remove.error === null ? null : <FailureNotice error={remove.error} />}
    </div>
  )
}
