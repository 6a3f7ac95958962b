/// How the HTML report looks, in light and in dark.
enum HTMLStyle {
  static let sheet: StaticString = """
    :root { color-scheme: light dark; --line: #8884; --soft: #777; --crash: #c62828; }
    body { font: 14px/1.45 system-ui, sans-serif; max-width: 1200px; margin: 1.5em auto; padding: 0 1em; }
    h1 { font-size: 1.5em; margin: 0; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; }
    .reason { font-size: 1.15em; color: var(--crash); margin: .2em 0 1em; overflow-wrap: anywhere; }
    table { border-collapse: collapse; } th { text-align: left; font-weight: 600; vertical-align: top; }
    td, th { padding: .12em .8em .12em 0; vertical-align: top; overflow-wrap: anywhere; }
    .facts td, .frames td, .modules td, pre, summary .top { font-family: ui-monospace, monospace; font-size: 12.5px; }
    .frames { width: 100%; } .frames tr + tr td { border-top: 1px solid var(--line); }
    .level { text-align: right; color: var(--soft); } .address { color: var(--soft); white-space: nowrap; }
    .function { font-weight: 600; } .arguments, .place, .gap, .hint, summary .top, footer { color: var(--soft); }
    details { border: 1px solid var(--line); border-radius: 4px; margin: .4em 0; padding: .3em .7em; }
    summary { cursor: pointer; } .crashed { color: var(--crash); }
    .notes { color: var(--soft); } .notes .incomplete { color: var(--crash); }
    svg { width: 100%; height: auto; display: block; } svg text { font: 11px ui-monospace, monospace; fill: currentColor; }
    .flame text { fill: #111; } .flame .c { fill: #ef6f5e; } .flame .f0 { fill: #f2c46d; } .flame .f1 { fill: #eeb564; }
    .flame .f2 { fill: #f4d38a; } .flame .f3 { fill: #e8bf7a; } .flame .f4 { fill: #f0cb9a; } .flame .f5 { fill: #e9c98e; }
    svg.bar { display: inline-block; width: 8em; height: .7em; } .bar .c { fill: #ef6f5e; }
    .memory .a { fill: var(--soft); } .absent { opacity: .35; } .mark { fill: var(--crash); stroke: #fff; }
    .code { fill: #e07b54; background: #e07b54; } .constant { fill: #9aa7b5; background: #9aa7b5; }
    .data { fill: #5b8fc9; background: #5b8fc9; } .heap { fill: #64a86b; background: #64a86b; }
    .stack { fill: #b07cc6; background: #b07cc6; }
    .key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; }
    footer { margin-top: 2em; } pre { white-space: pre-wrap; }

    """
}
