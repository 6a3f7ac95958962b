#!/usr/bin/env python3
"""Ask gdb how it prints names: names-oracle.py MODE < one name a line

MODE: link (DW_AT_linkage_name), name (DW_AT_name only), sym (ELF symbol only). Writes an ELF file with one 16-byte
function per name and a core file with one thread in each, then runs `thread apply all bt 1`: the real frame printer.
"""
import struct, subprocess, sys, tempfile, os, re
def uleb(n):
    o=b''
    while True:
        b=n&0x7f; n>>=7
        if n: o+=bytes([b|0x80])
        else: return o+bytes([b])
def build(mode, names, d, lang=4):
    base=0x400000; text=0x401000; step=16
    n=len(names)
    ab=b'';
    ab+=uleb(1)+uleb(0x11)+b'\x01'+uleb(0x13)+uleb(0x0b)+uleb(0x03)+uleb(0x08)+uleb(0x11)+uleb(0x01)+uleb(0x12)+uleb(0x07)+b'\0\0'
    ab+=uleb(2)+uleb(0x2e)+b'\0'+uleb(0x3f)+uleb(0x19)+uleb(0x03)+uleb(0x08)+uleb(0x6e)+uleb(0x08)+uleb(0x11)+uleb(0x01)+uleb(0x12)+uleb(0x07)+b'\0\0'
    ab+=uleb(3)+uleb(0x2e)+b'\0'+uleb(0x3f)+uleb(0x19)+uleb(0x03)+uleb(0x08)+uleb(0x11)+uleb(0x01)+uleb(0x12)+uleb(0x07)+b'\0\0'
    ab+=b'\0'
    die=uleb(1)+bytes([lang])+b't.cc\0'+struct.pack('<QQ',text,step*n+64)
    for i,nm in enumerate(names):
        a=text+16*i
        if mode=='link': die+=uleb(2)+b'nm%d\0'%i+nm.encode()+b'\0'+struct.pack('<QQ',a,16)
        elif mode=='name': die+=uleb(3)+nm.encode()+b'\0'+struct.pack('<QQ',a,16)
    die+=b'\0'
    info=struct.pack('<HIB',4,0,8)+die; info=struct.pack('<I',len(info))+info
    st=b'\0'; sy=bytes(24)
    if mode=='sym':
        for i,nm in enumerate(names):
            sy+=struct.pack('<IBBHQQ',len(st),0x12,0,1,text+16*i,16); st+=nm.encode()+b'\0'
    secs=[('.text',1,6,text,b'\x90'*(16*n+64),0,0,0)]
    if mode!='sym': secs+=[('.debug_info',1,0,0,info,0,0,0),('.debug_abbrev',1,0,0,ab,0,0,0)]
    secs+=[('.symtab',2,0,0,sy,len(secs)+2,1,24),('.strtab',3,0,0,st,0,0,0)]
    sh=b'\0'
    offs=[]
    for s in secs: offs.append(len(sh)); sh+=s[0].encode()+b'\0'
    shn=len(sh); sh+=b'.shstrtab\0'; secs.append(('.shstrtab',3,0,0,sh,0,0,0)); offs.append(shn)
    out=bytearray(0x1000); hdrs=[bytes(64)]
    for (nm,ty,fl,ad,data,ln,inf,es),no in zip(secs,offs):
        while len(out)%16: out+=b'\0'
        hdrs.append(struct.pack('<IIQQQQIIQQ',no,ty,fl,ad,len(out),len(data),ln,inf,1,es)); out+=data
    while len(out)%16: out+=b'\0'
    shoff=len(out); out+=b''.join(hdrs)
    out[0:64]=b'\x7fELF\x02\x01\x01'+bytes(9)+struct.pack('<HHIQQQIHHHHHH',2,62,1,text,64,shoff,0,64,56,1,64,len(hdrs),len(hdrs)-1)
    out[64:120]=struct.pack('<IIQQQQQQ',1,5,0,base,base,0x1000+16*n+64,0x1000+16*n+64,0x1000)
    exe=os.path.join(d,'exe'); open(exe,'wb').write(out); os.chmod(exe,0o755)
    notes=b''
    for i in range(n):
        pr=bytearray(336); struct.pack_into('<h',pr,12,11); struct.pack_into('<i',pr,32,1000+i)
        struct.pack_into('<Q',pr,112+8*16,text+16*i+4)
        notes+=struct.pack('<III',5,336,1)+b'CORE\0\0\0\0'+pr
    c=bytearray(b'\x7fELF\x02\x01\x01'+bytes(9)+struct.pack('<HHIQQQIHHHHHH',4,62,1,0,64,0,0,64,56,1,0,0,0))
    c+=struct.pack('<IIQQQQQQ',4,4,120,0,0,len(notes),0,4)+notes
    core=os.path.join(d,'core'); open(core,'wb').write(c)
    return exe,core
def ask(mode,names,extra=(),lang=4):
    res=[]
    for k in range(0,len(names),1500):
        part=names[k:k+1500]
        with tempfile.TemporaryDirectory() as d:
            exe,core=build(mode,part,d,lang)
            p=subprocess.run(['gdb','-q','-nx','-batch','-iex','set width 0']+[a for e in extra for a in ('-iex',e)]+['-ex','thread apply all -s bt 1',exe,core],capture_output=True)
            o=p.stdout.decode('utf8','replace')
            got={}
            if os.environ.get('RAW'): print(o,p.stderr.decode())
            cur=None
            for l in o.splitlines():
                m=re.match(r'Thread (\d+) \(LWP (\d+)\)',l)
                if m: cur=int(m.group(2))-1000
                m=re.match(r'#0  0x[0-9a-f]+ in (.*) \(\)$',l)
                if m and cur is not None: got[cur]=m.group(1)
            r=[got.get(i) for i in range(len(part))]
            if None in r and len(part)>1:
                h=len(part)//2
                r=ask(mode,part[:h],extra,lang)+ask(mode,part[h:],extra,lang)
            res+=r
    return res
if __name__=='__main__':
    names=[l.rstrip('\n') for l in sys.stdin if l.strip()]
    for a,b in zip(names,ask(sys.argv[1],names)): print(a,'\t=>\t',b if b!=a else '(same)')
