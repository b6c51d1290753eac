import type { Product } from '../shared/shop-types.ts'

/** What the shop sells. */
export const productRange = [
  { id: 'lamp-arc', name: 'Arc floor lamp', category: 'Lighting', priceCents: 18_900 },
  { id: 'lamp-desk', name: 'Desk lamp, brass', category: 'Lighting', priceCents: 7_450 },
  { id: 'lamp-paper', name: 'Paper lantern', category: 'Lighting', priceCents: 2_490 },
  { id: 'bulb-warm', name: 'Warm bulb, set of 3', category: 'Lighting', priceCents: 1_295 },
  { id: 'chair-oak', name: 'Oak chair', category: 'Furniture', priceCents: 14_900 },
  { id: 'stool-bar', name: 'Bar stool', category: 'Furniture', priceCents: 9_900 },
  { id: 'table-side', name: 'Side table', category: 'Furniture', priceCents: 12_500 },
  { id: 'shelf-wall', name: 'Wall shelf, 80 cm', category: 'Furniture', priceCents: 5_990 },
  { id: 'coat-rack', name: 'Coat rack', category: 'Furniture', priceCents: 8_250 },
  { id: 'rug-wool', name: 'Wool rug, 140 x 200', category: 'Textiles', priceCents: 21_900 },
  { id: 'blanket', name: 'Knitted blanket', category: 'Textiles', priceCents: 6_495 },
  { id: 'cushion', name: 'Linen cushion', category: 'Textiles', priceCents: 2_795 },
  { id: 'curtain', name: 'Curtain, pair', category: 'Textiles', priceCents: 7_900 },
  { id: 'towels', name: 'Bath towels, set of 2', category: 'Textiles', priceCents: 3_450 },
  { id: 'teapot', name: 'Cast iron teapot', category: 'Kitchen', priceCents: 5_450 },
  { id: 'cups', name: 'Stoneware cups, set of 4', category: 'Kitchen', priceCents: 3_990 },
  { id: 'knife-bread', name: 'Bread knife', category: 'Kitchen', priceCents: 4_250 },
  { id: 'board-beech', name: 'Beech board', category: 'Kitchen', priceCents: 2_950 },
  { id: 'pan-steel', name: 'Steel pan, 28 cm', category: 'Kitchen', priceCents: 6_990 },
  { id: 'mill-pepper', name: 'Pepper mill', category: 'Kitchen', priceCents: 3_495 },
  { id: 'clock-wall', name: 'Wall clock', category: 'Small things', priceCents: 4_900 },
  { id: 'vase-glass', name: 'Glass vase', category: 'Small things', priceCents: 3_250 },
  { id: 'candles', name: 'Candles, set of 6', category: 'Small things', priceCents: 1_490 },
  { id: 'basket', name: 'Willow basket', category: 'Small things', priceCents: 2_650 },
] as const satisfies readonly Product[]

/** @throws UnknownProduct */
export const productOf = (id: string): Product => {
  const product = productRange.find((candidate) => candidate.id === id)
  if (product === undefined) throw new UnknownProduct(`The shop sells nothing called "${id}".`)
  return product
}

export class UnknownProduct extends Error {}
