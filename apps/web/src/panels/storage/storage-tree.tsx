'use client'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { TreeNode } from './tree-model.ts'

const shownAtOnce = 100

const inks: Record<TreeNode['kind'], string> = {
  string: 'text-good',
  number: 'text-info',
  bigint: 'text-info',
  boolean: 'text-info',
  date: 'text-info',
  bytes: 'text-muted',
  null: 'text-muted',
  object: 'text-muted',
  array: 'text-muted',
  broken: 'text-bad',
}

/** A stored value: leaves as they are, branches closed until somebody opens them. */
export const StorageTree = ({ node, open = false }: { node: TreeNode; open?: boolean }) => (
  <ul className="tree-list min-w-0 font-mono text-xs">
    <TreeItem node={node} open={open} />
  </ul>
)

const TreeItem = ({ node, open: openAtFirst }: { node: TreeNode; open: boolean }) => {
  const t = useTranslations('storage')
  const [open, setOpen] = useState(openAtFirst)
  if (!('children' in node)) {
    return (
      <li className="py-1 ps-5 wrap-anywhere whitespace-pre-wrap">
        <Name name={node.name} />
        <span className={inks[node.kind]}>{node.kind === 'bytes' ? t('bytes', { count: Number(node.text) }) : node.text}</span>
      </li>
    )
  }
  return (
    <li className="min-w-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full min-w-0 cursor-pointer items-center gap-1 rounded-sm py-1 text-start hover:bg-default"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-4 shrink-0 text-muted transition-transform motion-reduce:transition-none ${open ? 'rotate-90' : ''}`}
        />
        <span className="min-w-0 truncate">
          <Name name={node.name} />
          <span className="text-muted">{open ? t(node.kind === 'array' ? 'items' : 'members', { count: node.size }) : node.preview}</span>
        </span>
      </button>
      {open ? <Children node={node} /> : null}
    </li>
  )
}

const Name = ({ name }: { name: string }) => (name === '' ? null : <span className="text-foreground">{name}: </span>)

const Children = ({ node }: { node: Extract<TreeNode, { children: () => TreeNode[] }> }) => {
  const t = useTranslations('common')
  const [shown, setShown] = useState(shownAtOnce)
  const children = node.children()
  const rest = children.length - shown
  return (
    <ul className="ms-2 border-s border-separator ps-2">
      {children.slice(0, shown).map((child) => (
        <TreeItem key={child.path} node={child} open={false} />
      ))}
      {rest > 0 ? (
        <li>
          <button type="button" onClick={() => setShown(shown + shownAtOnce)} className="cursor-pointer ps-5 text-accent underline">
            {t('more', { count: Math.min(rest, shownAtOnce) })}
          </button>
        </li>
      ) : null}
    </ul>
  )
}
