import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

export type Tone = 'good' | 'caution' | 'bad' | 'info'

const looks = {
  good: { wash: 'bg-good-wash', ink: 'text-good', Icon: CircleCheck },
  caution: { wash: 'bg-caution-wash', ink: 'text-caution', Icon: TriangleAlert },
  bad: { wash: 'bg-bad-wash', ink: 'text-bad', Icon: CircleAlert },
  info: { wash: 'bg-info-wash', ink: 'text-info', Icon: Info },
} as const

/** A sentence that matters, with its colour and its icon. `role`: status for what may wait, alert for what may not. */
export const Notice = ({ tone, role, children }: { tone: Tone; role?: 'status' | 'alert'; children: ReactNode }) => {
  const { wash, ink, Icon } = looks[tone]
  return (
    <div role={role} className={`flex gap-2 rounded-lg px-3 py-2 ${wash}`}>
      <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  )
}
