"""Which PowerShell script builds the .mdb of a hand-in on a Windows machine, with that system's own driver?

An .mdb can't be written on Linux. The script makes it through ADOX and ADO (Jet in 32-bit PowerShell, else the ACE driver of
Office), reads the CSV tables beside it and counts what it wrote. It was not run where this is written and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.handin.layout import TABLES, access_type

if TYPE_CHECKING:
    from registry.delivery.fields import Part

_HEAD = """\
# 用本机的 Access 驱动把 权属数据 里的 csv 建成 {mdb}。未在编写处测试过: 建成后请打开核对行数。
# Builds {mdb} from the CSV tables with this system's own driver. NOT TESTED where it was written: open it and check.
# 运行 run: powershell -ExecutionPolicy Bypass -File {script}
$ErrorActionPreference = 'Stop'
$tables = Join-Path $PSScriptRoot '{folder}\\权属数据'
$mdb = Join-Path $tables '{mdb}'
if (Test-Path $mdb) {{ throw "$mdb 已存在 exists already" }}
$catalog = New-Object -ComObject ADOX.Catalog
$opened = $null
foreach ($provider in 'Microsoft.Jet.OLEDB.4.0', 'Microsoft.ACE.OLEDB.12.0', 'Microsoft.ACE.OLEDB.16.0') {{
    try {{
        $opened = "Provider=$provider;Data Source=$mdb;Jet OLEDB:Engine Type=5"
        [void]$catalog.Create($opened)
        break
    }} catch {{ $opened = $null }}
}}
if (-not $opened) {{ throw '没有可用的 Access 驱动 no Access driver: install Office or the Access Database Engine' }}
$connection = $catalog.ActiveConnection
function Add-Table($name, $columns) {{
    $file = Join-Path $tables "$name.csv"
    if (-not (Test-Path $file)) {{ return }}
    $fields = ($columns.GetEnumerator() | ForEach-Object {{ '[' + $_.Key + '] ' + $_.Value }}) -join ', '
    [void]$connection.Execute("CREATE TABLE [$name] ($fields)")
    $rows = @(Import-Csv -Path $file -Encoding UTF8)
    $set = New-Object -ComObject ADODB.Recordset
    $set.Open("[$name]", $connection, 1, 3, 2)
    [void]$connection.BeginTrans()
    foreach ($row in $rows) {{
        $set.AddNew()
        foreach ($column in $columns.Keys) {{
            $text = $row.$column
            if ([string]::IsNullOrEmpty($text)) {{ continue }}
            $set.Fields.Item($column).Value = switch -Wildcard ($columns[$column]) {{
                'DATETIME' {{ [datetime]::ParseExact($text, 'yyyyMMdd', $null) }}
                'DOUBLE'   {{ [double]::Parse($text, [Globalization.CultureInfo]::InvariantCulture) }}
                'INTEGER'  {{ [int]$text }}
                default    {{ $text }}
            }}
        }}
        $set.Update()
    }}
    $connection.CommitTrans()
    if ($set.RecordCount -ne $rows.Count) {{ throw "${{name}}: $($rows.Count) rows in the CSV, $($set.RecordCount) written" }}
    $set.Close()
    Write-Host "$name $($rows.Count)"
}}
"""
_FOOT = """\
$connection.Close()
# 表已在 mdb 里: csv 移到旁边, 同一张表只交一份。The tables are in the .mdb: the CSV go aside, one form of each.
$aside = Join-Path $PSScriptRoot 'csv'
[void](New-Item -ItemType Directory -Force -Path $aside)
Move-Item -Path (Join-Path $tables '*.csv') -Destination $aside
Write-Host "写好了 written: $mdb"
"""


def access_script(*, script: str, folder: str, mdb: str) -> bytes:
    """The script as UTF-8 with BOM and CRLF, as Windows PowerShell reads it."""
    head = _HEAD.format(script=script, folder=folder, mdb=mdb)
    text = head + "".join(f"Add-Table '{part.name}' {_columns(part)}\n" for part in TABLES) + _FOOT
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def _columns(part: Part) -> str:
    fields = "; ".join(f"{column.name} = '{access_type(column)}'" for column in part.columns)
    return f"([ordered]@{{ {fields} }})"
