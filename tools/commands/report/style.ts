/** The style sheet of the report: it stands in the page, which loads nothing. */
export const style = `
body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff; max-width: 1180px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 28px 0 8px } small, .dim { color: #666; font-weight: normal }
.verdict { display: inline-block; padding: 2px 12px; border-radius: 4px; color: #fff; font-weight: 600 }
.PASS { background: #1b7a3d } .FAIL { background: #b3261e } .INVALID { background: #8a5a00 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } th, td { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }
th { color: #555; font-weight: 600 } td.n, th.n { text-align: right } .missed { color: #b3261e; font-weight: 600 }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 16px } figure { margin: 0 } figcaption { font-weight: 600 }
figcaption span { font-weight: normal; font-size: 13px; margin-left: 10px } figcaption i { display: inline-block; width: 14px; height: 3px; margin-right: 4px; vertical-align: middle }
svg { width: 100%; height: auto } svg text { font-size: 11px; fill: #555 } svg path { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round }
.grid { stroke: #ddd } .band0 { fill: #f1f4f9 } .band1 { fill: #fbf6ec }
`;
